//! Tests about the sandbox: its mailbox and its bank.

mod units;
