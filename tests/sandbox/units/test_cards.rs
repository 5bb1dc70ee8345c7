//! The test cards.

use kabinet::gateway::{Brand, Pan};
use kabinet::sandbox::bank::{Behavior, TEST_CARDS};

#[test]
fn every_test_number_can_be_typed_and_every_behaviour_has_one() {
    let mut brands = Vec::new();
    for (number, behavior) in TEST_CARDS {
        brands.push(Pan::read(number).unwrap().brand());
        assert_eq!(Behavior::of(number), Some(behavior));
    }
    assert!(Brand::ALL.iter().all(|brand| brands.contains(brand)));
    for behavior in Behavior::ALL {
        assert!(TEST_CARDS.iter().any(|(_, known)| known == behavior), "{}", behavior.word());
    }
    assert_eq!(Behavior::of("4111111111111111"), None);
}
