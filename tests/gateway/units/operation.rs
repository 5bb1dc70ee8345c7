//! Idempotency keys.

use kabinet::gateway::OperationId;

#[test]
fn a_key_is_read_back_only_as_it_was_written() {
    let operation = OperationId::next();
    assert_eq!(OperationId::from_key(&operation.key()), Some(operation));
    for key in ["", "op-", "op-x", "op-+5", "op-05", "5", "op-99999999999999999999"] {
        assert_eq!(OperationId::from_key(key), None, "{key}");
    }
}
