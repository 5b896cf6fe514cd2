//! How long ago somebody was seen, as people say it.

/// A day in milliseconds.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Up to so many hours are told as hours even if midnight lies between.
const HOURS_OVER_MIDNIGHT: u64 = 6;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Less than a minute: the count is 0.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days of the calendar: 1 is yesterday.
    Day,
    /// Weeks.
    Week,
    /// Months of 30 days.
    Month,
    /// Years of 365 days.
    Year,
}

/// So long ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ago {
    /// How many ...
    pub count: u32,
    /// ... of what.
    pub unit: Unit,
}

impl Ago {
    /// From one moment to another, both in milliseconds since 1970; the calendar is `utc_offset_minutes` ahead of UTC.
    /// What lies in the future counts as now: clocks differ.
    pub fn between(then_ms: u64, now_ms: u64, utc_offset_minutes: i32) -> Self {
        let minutes = now_ms.saturating_sub(then_ms) / 60_000;
        let hours = minutes / 60;
        let day = |ms: u64| ms.saturating_add_signed(i64::from(utc_offset_minutes) * 60_000) / DAY_MS;
        let days = day(now_ms).saturating_sub(day(then_ms));
        let (count, unit) = match (minutes, hours, days) {
            (0, ..) => (0, Unit::Second),
            (_, 0, _) => (minutes, Unit::Minute),
            (_, _, 0) | (_, ..=HOURS_OVER_MIDNIGHT, _) => (hours, Unit::Hour),
            (_, _, ..7) => (days, Unit::Day),
            (_, _, ..30) => (days / 7, Unit::Week),
            (_, _, ..365) => (days / 30, Unit::Month),
            _ => (days / 365, Unit::Year),
        };
        Self { count: u32::try_from(count).unwrap_or(u32::MAX), unit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;
    const HOUR: u64 = 60 * MINUTE;
    /// Noon in Greenwich of some day.
    const NOON: u64 = 20_000 * DAY_MS + 12 * HOUR;

    fn ago(age_ms: u64) -> (u32, Unit) {
        let Ago { count, unit } = Ago::between(NOON - age_ms, NOON, 0);
        (count, unit)
    }

    #[test]
    fn it_is_told_in_the_largest_unit_that_fits() {
        for (age_ms, told) in [
            (0, (0, Unit::Second)),
            (59_999, (0, Unit::Second)),
            (MINUTE, (1, Unit::Minute)),
            (59 * MINUTE, (59, Unit::Minute)),
            (11 * HOUR, (11, Unit::Hour)),
            (6 * DAY_MS, (6, Unit::Day)),
            (7 * DAY_MS, (1, Unit::Week)),
            (29 * DAY_MS, (4, Unit::Week)),
            (30 * DAY_MS, (1, Unit::Month)),
            (364 * DAY_MS, (12, Unit::Month)),
            (800 * DAY_MS, (2, Unit::Year)),
        ] {
            assert_eq!(ago(age_ms), told, "{age_ms}");
        }
    }

    #[test]
    fn yesterday_is_the_day_before_on_the_calendar_where_one_is() {
        assert_eq!(ago(13 * HOUR), (1, Unit::Day));
        assert_eq!(ago(36 * HOUR), (1, Unit::Day));
        assert_eq!(ago(37 * HOUR), (2, Unit::Day));
        // Two hours further east thirteen hours ago was today's one o'clock at night.
        assert_eq!(Ago::between(NOON - 13 * HOUR, NOON, 120), Ago { count: 13, unit: Unit::Hour });
        // Shortly after midnight, an hour before it is not yet yesterday.
        let after_midnight = NOON + 13 * HOUR;
        assert_eq!(Ago::between(after_midnight - 2 * HOUR, after_midnight, 0), Ago { count: 2, unit: Unit::Hour });
    }

    #[test]
    fn whatever_clocks_say_there_is_an_answer() {
        assert_eq!(Ago::between(NOON + HOUR, NOON, 0), Ago { count: 0, unit: Unit::Second });
        assert_eq!(Ago::between(0, u64::MAX, i32::MAX).unit, Unit::Year);
        assert_eq!(Ago::between(0, 0, i32::MIN), Ago { count: 0, unit: Unit::Second });
    }
}
