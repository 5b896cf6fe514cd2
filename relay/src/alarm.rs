//! Waits until a moment, to some microseconds where the system can.
//!
//! The runtime's own timers count whole milliseconds and come up to two of them late. In a small room that would be
//! most of the time a movement takes to the others.

use tokio::time::Instant;

#[cfg(target_os = "linux")]
pub(crate) use self::precise::Alarm;
#[cfg(not(target_os = "linux"))]
pub(crate) use self::usual::Alarm;

#[cfg(target_os = "linux")]
mod precise {
    use std::os::fd::OwnedFd;

    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
    };
    use tokio::io::{Interest, unix::AsyncFd};

    use super::Instant;

    /// A timer of the system's.
    pub(crate) struct Alarm {
        timer: AsyncFd<OwnedFd>,
    }

    impl Alarm {
        /// An alarm that was not set yet.
        ///
        /// # Errors
        /// If the system has no more of them.
        pub(crate) fn new() -> std::io::Result<Self> {
            let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
            #[allow(
                deprecated,
                reason = "its successor is unsafe for the sake of those who close a file that is registered; this one \
                          is owned, and nobody else knows of it"
            )]
            let timer = AsyncFd::with_interest(timer, Interest::READABLE)?;
            Ok(Self { timer })
        }

        /// Waits. May be dropped and called again at any time.
        pub(crate) async fn wait_until(&mut self, moment: Instant) {
            let left = moment.saturating_duration_since(Instant::now());
            let Ok(value) = Timespec::try_from(left) else { return };
            if left.is_zero() {
                return;
            }
            let once = Itimerspec { it_interval: Timespec::default(), it_value: value };
            // Setting a valid time on one's own timer cannot fail; if it does, time is up too soon rather than never.
            if timerfd_settime(self.timer.get_ref(), TimerfdTimerFlags::empty(), &once).is_err() {
                return;
            }
            loop {
                let Ok(mut ready) = self.timer.readable().await else { return };
                let mut count = [0; 8];
                // An earlier setting may have left the runtime's mark behind; then there is nothing to read yet.
                if ready.try_io(|timer| Ok(rustix::io::read(timer.get_ref(), &mut count)?)).is_ok() {
                    return;
                }
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod usual {
    use super::Instant;

    /// A timer of the runtime's.
    pub(crate) struct Alarm;

    impl Alarm {
        /// An alarm that was not set yet.
        ///
        /// # Errors
        /// Never.
        pub(crate) fn new() -> std::io::Result<Self> {
            Ok(Self)
        }

        /// Waits. May be dropped and called again at any time.
        pub(crate) async fn wait_until(&mut self, moment: Instant) {
            tokio::time::sleep_until(moment).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn an_alarm_is_never_early_also_after_one_that_was_given_up() {
        let mut alarm = Alarm::new().expect("a timer");
        for micros in [0, 300, 1500, 5000] {
            let given_up = alarm.wait_until(Instant::now() + Duration::from_micros(200));
            let _ = tokio::time::timeout(Duration::ZERO, given_up).await;
            std::thread::yield_now();
            let moment = Instant::now() + Duration::from_micros(micros);
            alarm.wait_until(moment).await;
            assert!(Instant::now() >= moment, "{micros} µs");
        }
    }
}
