//! The states of a message.

use kabinet::notices::{Event, Status};

#[test]
fn the_whole_grid() {
    let mut grid = String::new();
    for status in Status::ALL {
        grid += &format!("{:>11}:", status.word());
        for event in Event::ALL {
            grid += &format!(" {}={}", event.word(), status.after(*event).map_or("-", Status::word));
        }
        grid += "\n";
    }
    let expected = "     \
         queued: claimed=sending taken=- put-off=- given-up=failed arrived=- lost=-\n    \
        sending: claimed=sending taken=sent put-off=queued given-up=failed arrived=- lost=-\n       \
           sent: claimed=- taken=- put-off=- given-up=- arrived=delivered lost=undelivered\n     \
         failed: claimed=- taken=- put-off=- given-up=- arrived=- lost=-\n  \
      delivered: claimed=- taken=- put-off=- given-up=- arrived=- lost=-\n\
    undelivered: claimed=- taken=- put-off=- given-up=- arrived=- lost=-\n";
    assert_eq!(grid, expected);
}
