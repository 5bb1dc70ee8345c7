//! Where the money of check charges goes, whatever happens: shoppers, faults of the line, callbacks, clock jumps, and the program killed
//! between any two steps, in thousands of lives of cards drawn from a seed.
//!
//! `KABINET_TEST_SEED=7 cargo nextest run check_money` lives one world again; `KABINET_TEST_WORLDS=1000` lives more of them.

mod promises;
mod world;

use kabinet::base::{hours, minutes, seconds};

use crate::support::database::on_postgres;
use world::World;

/// Lives of cards in one world: fewer than the breaker looks at.
const PEOPLE: usize = 12;
const STEPS: usize = 160;

fn seeds() -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    if let Some(seed) = number("KABINET_TEST_SEED") {
        return seed..seed + 1;
    }
    // A fresh database costs more there.
    0..number("KABINET_TEST_WORLDS").unwrap_or(if on_postgres() { 12 } else { 180 })
}

#[actix_web::test]
async fn every_check_charge_comes_back_once_and_in_time_whatever_happens() {
    let (mut charged, mut declined, mut late, mut crashes) = (0, 0, 0, 0);
    for seed in seeds() {
        let mut world = World::new(seed, PEOPLE).await;
        for step in 0..STEPS {
            world.step().await;
            if step % 40 == 39 {
                world.books_are_right().await;
            }
        }
        world.comes_to_rest().await;
        let tally = world.holds_what_was_promised().await;
        charged += tally.charged;
        declined += tally.declined;
        late += tally.with_the_operator;
        crashes += world.crashes;
    }
    println!("{charged} charges came back, {declined} were never made, {late} waited for the operator; killed {crashes} times");
    if seeds().count() > 10 {
        assert!(charged > 50 && declined > 10 && crashes > 100, "the world is too quiet: {charged} {declined} {crashes}");
    }
}

/// The way without any faults, as a yardstick: at once after the sum was named, at 20 hours where nobody names it.
#[actix_web::test]
async fn the_money_is_back_at_once_when_the_sum_is_named_and_before_a_day_is_over_when_not() {
    let mut world = World::calm(2).await;
    world.enters_card(0, "4242424242424242").await;
    world.enters_card(1, "5555555555554444").await;
    world.worker_runs().await;
    world.names_the_sum(0).await;
    world.worker_runs().await;
    let events = |world: &World| world.bank_events().into_iter().map(|(_, event)| event).collect::<Vec<_>>();
    assert_eq!(events(&world), ["charged", "charged", "refunded"]);
    world.clock.advance(hours(19) + minutes(59));
    world.worker_runs().await;
    assert_eq!(events(&world).len(), 3, "there is still time to name it");
    world.clock.advance(minutes(1) + seconds(1));
    world.worker_runs().await;
    assert_eq!(events(&world), ["charged", "charged", "refunded", "refunded"]);
    world.books_are_right().await;
    // Back or not, the sum may be named for two days.
    world.names_the_sum(1).await;
    assert!(world.is_confirmed(1).await);
}
