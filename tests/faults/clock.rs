//! A clock that jumps: forward after a machine slept, back when it had been ahead.

use std::time::Duration;

use crate::house::House;

impl House {
    pub fn clock_jumps_forward(&self, span: Duration) {
        self.clock.advance(span);
    }

    pub fn clock_jumps_back(&self, span: Duration) {
        self.clock.set_back(span);
    }
}
