//! One's own camera and microphone, to look at before others do.

use std::rc::Rc;

use web_sys::HtmlVideoElement;

use super::{Picture, platform, show_own_picture};
use crate::media::{Device, Failure};

/// A device that is on for oneself to see or to measure. It goes off when this is dropped, unless it is shared.
pub(crate) struct Preview {
    device: Device,
    number: Option<u32>,
}

impl Preview {
    /// Switches the device of that id on, or the system's own choice, for oneself alone; the person may be asked. A
    /// camera shows what it sees in the element. Tells when the device is on, or why it cannot be had, and again when that
    /// changes: it may be pulled out.
    pub(crate) fn start(
        device: Device,
        id: Option<&str>,
        video: Option<&HtmlVideoElement>,
        tell: impl Fn(Result<(), Failure>) + 'static,
    ) -> Self {
        let number = platform().map(|platform| {
            platform.capture.use_device(device, id);
            platform.capture.begin_preview(device, Rc::new(tell))
        });
        if let Some(video) = video {
            show_own_picture(Picture::Camera, video);
        }
        Self { device, number }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        if let Some((platform, number)) = platform().zip(self.number) {
            platform.capture.end_preview(self.device, number);
        }
    }
}

/// How loud one's own microphone is, 0 to 1; 0 while it is off.
pub(crate) fn own_level() -> f32 {
    platform().map_or(0.0, |platform| platform.capture.level())
}
