//! One's own camera and microphone, to look at before others do.

use web_sys::HtmlVideoElement;

use super::{Picture, platform, show_own_picture};
use crate::media::{Device, Failure};

/// A device that is on for oneself to see or to measure. It goes off when this is dropped, unless it is shared.
pub(crate) struct Preview(Device);

impl Preview {
    /// Switches the device of that id on, or the system's own choice, for oneself alone; the person may be asked. A
    /// camera shows what it sees in the element. Tells when the device is on, or why it cannot be had.
    pub(crate) fn start(
        device: Device,
        id: Option<&str>,
        video: Option<&HtmlVideoElement>,
        tell: impl FnOnce(Result<(), Failure>) + 'static,
    ) -> Self {
        if let Some(platform) = platform() {
            platform.capture.use_device(device, id);
            platform.capture.begin_preview(device, Box::new(tell));
        }
        if let Some(video) = video {
            show_own_picture(Picture::Camera, video);
        }
        Self(device)
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        if let Some(platform) = platform() {
            platform.capture.end_preview(self.0);
        }
    }
}

/// How loud one's own microphone is, 0 to 1; 0 while it is off.
pub(crate) fn own_level() -> f32 {
    platform().map_or(0.0, |platform| platform.capture.level())
}
