use super::*;

const BOUNDS: Bounds = Bounds { total: 6, per_client: 3, bodies: 2, kept: 1 };

struct World {
    book: Book,
    now: Millis,
}

impl World {
    fn new() -> World {
        World { book: Book::new(BOUNDS), now: 0 }
    }

    /// `proxy`, this machine (`near`), or the last number of a client.
    fn tries(&mut self, who: &str) -> Result<(Arc<Place>, Option<&'static str>), NoPlace> {
        self.now += 1;
        let last = if who == "near" { "99" } else { who };
        let client = (who != "proxy").then(|| format!("192.0.2.{last}").parse().unwrap());
        let entered = self.book.enter(client, who == "near", self.now);
        self.holds();
        entered
    }

    fn enters(&mut self, who: &str) -> Arc<Place> {
        let (place, gave_way) = self.tries(who).unwrap();
        assert_eq!(gave_way, None);
        place
    }

    fn answers(&mut self, place: &Place) {
        self.book.begin(place);
        self.holds();
    }

    fn rests(&mut self, place: &Place) {
        self.now += 1;
        self.book.rest(place, self.now);
        self.holds();
    }

    /// Begins a body.
    fn sends(&mut self, place: &Place, sender: &str) {
        self.now += 1;
        self.book.begin(place);
        self.book.receive(place, format!("192.0.2.{sender}").parse().unwrap(), self.now);
        self.holds();
    }

    fn leaves(&mut self, place: &Place) {
        self.book.leave(place.id);
        self.holds();
    }

    /// What is true at any moment.
    fn holds(&self) {
        let book = &self.book;
        let doing =
            |wanted: fn(&Doing) -> bool| book.open.values().filter(|(_, doing)| wanted(doing)).count();
        assert_eq!(doing(|doing| *doing == Doing::Closing), book.closing);
        assert_eq!(doing(|doing| matches!(doing, Doing::Waiting { .. })), book.waiting.len());
        for (place, doing) in book.open.values() {
            assert_eq!(place.closing.load(Ordering::Acquire), *doing == Doing::Closing);
        }
        let of_clients = book.waiting.iter().filter(|(proxy, ..)| !proxy).count();
        assert_eq!(of_clients, book.waiting_by_client.len());
        assert_eq!(doing(|doing| matches!(doing, Doing::Waiting { body: Some(_), .. })), book.bodies.len());
        let counted =
            book.open.values().filter(|(place, doing)| place.client.is_some() && *doing != Doing::Closing);
        assert_eq!(counted.count(), book.counts.values().sum::<usize>());
    }
}

fn closing(places: &[&Arc<Place>]) -> Vec<bool> {
    places.iter().map(|place| place.closing.load(Ordering::Acquire)).collect()
}

#[test]
fn who_has_waited_longest_gives_way_when_all_places_are_taken() {
    let mut world = World::new();
    let places: Vec<Arc<Place>> = ["1", "1", "2", "2", "3", "3"].map(|who| world.enters(who)).into();
    world.answers(&places[0]);
    world.answers(&places[1]);
    world.rests(&places[1]);
    let (_, gave_way) = world.tries("4").unwrap();
    assert_eq!(gave_way, Some("connection_closed_for_room"));
    // The first is being answered; the second stands between two requests; the others have only just come, the third before them.
    assert_eq!(closing(&places.iter().collect::<Vec<_>>()), [false, true, false, false, false, false]);
    world.tries("4").unwrap();
    assert_eq!(closing(&places.iter().collect::<Vec<_>>()), [false, true, true, false, false, false]);
}

#[test]
fn a_request_under_way_never_gives_way() {
    let mut world = World::new();
    for who in ["1", "2", "3", "4", "5", "6"] {
        let place = world.enters(who);
        world.answers(&place);
    }
    assert_eq!(world.tries("7").err(), Some(NoPlace::Everybody));
    assert_eq!(world.tries("proxy").err(), Some(NoPlace::Everybody));
    assert_eq!(world.book.closing, 0);
}

#[test]
fn a_client_makes_room_for_itself_and_for_nobody_else() {
    let mut world = World::new();
    let other = world.enters("9");
    let own: Vec<Arc<Place>> = ["1", "1", "1"].map(|who| world.enters(who)).into();
    world.answers(&own[0]);
    assert_eq!(world.tries("1").unwrap().1, Some("connection_closed_for_client"));
    assert_eq!(closing(&[&own[0], &own[1], &own[2], &other]), [false, true, false, false]);
    world.answers(&own[2]);
    let third = world.tries("1").unwrap().0;
    world.answers(&third);
    assert_eq!(world.tries("1").err(), Some(NoPlace::Client));
    assert!(world.tries("2").is_ok());
}

#[test]
fn proxies_have_no_bound_of_their_own_and_give_way_last() {
    let mut world = World::new();
    let proxy: Vec<Arc<Place>> = ["proxy"; 5].map(|who| world.enters(who)).into();
    let stranger = world.enters("1");
    assert_eq!(world.tries("proxy").unwrap().1, Some("connection_closed_for_room"));
    assert_eq!(closing(&[&stranger, &proxy[0]]), [true, false]);
    assert_eq!(world.tries("2").unwrap().1, Some("connection_closed_for_room"));
    assert_eq!(closing(&[&proxy[0], &proxy[1]]), [true, false]);
}

#[test]
fn places_are_given_back_whatever_was_going_on() {
    let mut world = World::new();
    for _ in 0..3 {
        let waiting = world.enters("1");
        let answering = world.enters("1");
        world.answers(&answering);
        let rested = world.enters("1");
        world.answers(&rested);
        world.rests(&rested);
        // The fourth closes who stands between two requests, and not who has only just come.
        let closed = world.tries("1").unwrap().0;
        assert_eq!(closing(&[&waiting, &rested]), [false, true]);
        for place in [&waiting, &answering, &rested, &closed] {
            world.leaves(place);
            world.leaves(place);
        }
        assert!(world.book.open.is_empty() && world.book.counts.is_empty());
        assert!(world.book.waiting.is_empty() && world.book.waiting_by_client.is_empty());
    }
}

/// The head came in the moment in which the connection was told to end.
#[test]
fn a_request_that_came_in_time_is_answered() {
    let mut world = World::new();
    let first = world.enters("1");
    world.enters("1");
    world.enters("1");
    world.tries("1").unwrap();
    assert_eq!(closing(&[&first]), [true]);
    world.answers(&first);
    assert_eq!(closing(&[&first]), [false]);
    world.rests(&first);
    world.leaves(&first);
}

#[test]
fn slow_heads_and_unread_answers_end_and_nothing_else() {
    let mut world = World::new();
    let names = ["1", "2", "3", "4", "5", "6"];
    let [silent, half, dripping, stalled, working, unread] = names.map(|who| world.enters(who));
    for place in [&half, &dripping] {
        Place::note(&place.heard, || 100);
        Place::note(&place.heard, || 5_000);
    }
    for place in [&stalled, &working, &unread] {
        world.answers(place);
    }
    Place::note(&stalled.stalled, || 100);
    world.rests(&unread);
    Place::note(&unread.stalled, || 100);
    let all = [&silent, &half, &dripping, &stalled, &working, &unread];
    assert_eq!(world.book.close_slow(100 + HEAD_WAIT), 0);
    assert_eq!(world.book.close_slow(101 + HEAD_WAIT), 2);
    assert_eq!(closing(&all), [false, true, true, false, false, false]);
    assert_eq!(world.book.close_slow(101 + WRITE_WAIT), 2);
    assert_eq!(closing(&all), [false, true, true, true, false, true]);
    world.holds();
}

/// Each answer begins the wait anew.
#[test]
fn a_head_is_timed_from_its_own_first_byte() {
    let mut world = World::new();
    let place = world.enters("1");
    Place::note(&place.heard, || 1);
    world.answers(&place);
    world.rests(&place);
    assert_eq!(world.book.close_slow(1_000_000), 0);
}

#[test]
fn a_body_gives_way_after_those_who_ask_for_nothing_and_before_who_is_answered() {
    let mut world = World::new();
    let [answering, early, idle, late] = ["1", "2", "3", "4"].map(|who| world.enters(who));
    world.answers(&answering);
    world.sends(&early, "2");
    // Came after the body had begun.
    world.rests(&idle);
    world.sends(&late, "4");
    let more: Vec<Arc<Place>> = ["5", "6"].map(|who| world.enters(who)).into();
    more.iter().for_each(|place| world.answers(place));
    assert_eq!(world.tries("7").unwrap().1, Some("connection_closed_for_room"));
    assert_eq!(closing(&[&answering, &early, &idle, &late]), [false, false, true, false]);
    assert!(!idle.gave_way(), "there is no request that could be told");
    world.now += START + 1;
    // Bodies and those who have only just come take turns: new bodies push out nobody who came after them.
    let (eighth, _) = world.tries("8").unwrap();
    assert_eq!(closing(&[&answering, &early, &late, &eighth]), [false, true, false, false]);
    assert!(early.gave_way());
    // Its last byte came in that moment.
    world.answers(&early);
    assert_eq!((closing(&[&early]), early.gave_way()), (vec![false], false));
}

#[test]
fn one_client_has_so_many_bodies_under_way_however_it_comes() {
    for who in ["1", "proxy"] {
        let mut world = World::new();
        let bodies: Vec<Arc<Place>> = [who; 3].map(|who| world.enters(who)).into();
        bodies.iter().for_each(|place| world.sends(place, "1"));
        let other = world.enters("proxy");
        world.sends(&other, "2");
        assert_eq!(world.book.close_slow(START), 0, "each has its time");
        assert_eq!(world.book.close_slow(100 * START), 1);
        assert_eq!(closing(&[&bodies[0], &bodies[1], &bodies[2], &other]), [true, false, false, false]);
        assert_eq!(world.book.close_slow(100 * START), 0);
        world.holds();
        world.leaves(&bodies[1]);
        world.leaves(&other);
    }
}

/// A page that only waits for news is answered then, and its place is free.
#[test]
fn whoever_only_waits_is_told_when_places_run_short() {
    let mut world = World::new();
    let first = world.enters("1");
    world.answers(&first);
    assert!(!world.book.is_short(&first));
    for who in ["2", "3", "4", "5", "6"] {
        let place = world.enters(who);
        world.answers(&place);
    }
    assert!(world.book.is_short(&first));
}

/// Everybody is being answered: whoever asks how the portal is hears it all the same.
#[test]
fn this_machine_has_places_that_nobody_else_takes() {
    let mut world = World::new();
    for who in ["1", "2", "3", "4", "5", "6"] {
        let place = world.enters(who);
        world.answers(&place);
    }
    assert_eq!(world.tries("7").err(), Some(NoPlace::Everybody));
    let probe = world.tries("near").unwrap().0;
    world.answers(&probe);
    assert_eq!(world.tries("near").err(), Some(NoPlace::Everybody));
}
