//! Futures behind one type, for traits that are used as objects.

use std::future::Future;
use std::pin::Pin;

/// A boxed future that can move between threads.
pub type Soon<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
