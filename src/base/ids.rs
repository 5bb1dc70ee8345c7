//! Row ids: made here, so that no database needs sequences; ordered by time, so that pages by key are pages by age.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use super::tokens::random_bytes;

/// 2025-01-01T00:00:00Z: ids count microseconds from here.
const EPOCH: Duration = Duration::from_secs(1_735_689_600);
const RANDOM_BITS: u32 = 12;

static LAST: AtomicI64 = AtomicI64::new(0);

/// The next row id: 51 bits of microseconds, 12 random bits that keep instances apart. Strictly rising within a
/// process, whatever the wall clock does. Never shown to the world: what people see has a random number of its own.
pub fn next_id() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let micros = i64::try_from(now.saturating_sub(EPOCH).as_micros()).unwrap_or(0);
    let noise = i64::from(u16::from_le_bytes(random_bytes::<2>()) >> (16 - RANDOM_BITS));
    let made = (micros << RANDOM_BITS) | noise;
    let last = LAST.fetch_max(made, Ordering::Relaxed);
    if made > last { made } else { LAST.fetch_add(1, Ordering::Relaxed) + 1 }
}

/// How a type around an `i64` stands in a BIGINT column. The type derives `AsExpression` and `FromSqlRow`.
#[macro_export]
macro_rules! bigint_column {
    ($name:ident) => {
        impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::BigInt, DB> for $name
        where
            i64: diesel::serialize::ToSql<diesel::sql_types::BigInt, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, DB>,
            ) -> diesel::serialize::Result {
                self.0.to_sql(out)
            }
        }

        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB>
            for $name
        where
            i64: diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                i64::from_sql(bytes).map($name)
            }
        }
    };
}

/// A row id with a name of its own, stored as BIGINT.
#[macro_export]
macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        pub struct $name(i64);

        impl $name {
            pub fn next() -> Self {
                Self($crate::base::next_id())
            }

            pub const fn from_i64(id: i64) -> Self {
                Self(id)
            }

            pub const fn as_i64(self) -> i64 {
                self.0
            }
        }

        $crate::bigint_column!($name);
    };
}

row_id! {
    /// The row of an account: what every room names a person by.
    AccountId
}
