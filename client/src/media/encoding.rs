//! How much of what is captured is sent to one neighbour: every one costs an encoder and a share of the line.

use shared::protocol::link::PictureSize;

/// Bits a second of the voice: enough for Opus to sound like being there (RFC 7587, section 3.1.1).
pub const MICROPHONE_BITS: u32 = 32_000;

/// Bits a second of a screen's sound, which may be music.
pub const SCREEN_SOUND_BITS: u32 = 64_000;

/// The camera as it is captured: width and height.
pub const CAMERA_SIZE: (u32, u32) = (640, 360);

/// The same for whoever stands at a podium: what they show is looked at large.
pub const PODIUM_SIZE: (u32, u32) = (1280, 720);

/// Pictures a second of the camera.
pub const CAMERA_RATE: u32 = 20;

/// The screen as it is captured, at most.
pub const SCREEN_SIZE: (u32, u32) = (1920, 1080);

/// Pictures a second of the screen, at most: it is there to be read.
pub const SCREEN_RATE: u32 = 15;

/// A size in which the camera is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// For a tile.
    Low,
    /// Enlarged.
    High,
    /// Enlarged, of whoever stands at a podium.
    Podium,
}

/// What a sender of pictures keeps to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Bits a second.
    pub bits: u32,
    /// Pictures a second.
    pub rate: u32,
    /// By how much width and height are divided, 1 or more.
    pub scale_down: f64,
}

impl Limits {
    /// Of the camera, for a picture shown at that size, captured that wide and high. Keeps so many percent of the usual
    /// frame rate.
    pub fn camera(size: PictureSize, captured: (u32, u32), frame_rate_percent: u8) -> Self {
        let layer = if size == PictureSize::Large { Layer::High } else { Layer::Low };
        Self::layer(layer, captured, frame_rate_percent)
    }

    /// Of one of the two layers in which the camera is sent to the SFU, captured that wide and high.
    pub fn layer(layer: Layer, captured: (u32, u32), frame_rate_percent: u8) -> Self {
        let (longer_side, bits) = match layer {
            // Below some 480×270 Chrome's encoder is cheap; a tile is no larger than that on any screen.
            Layer::Low => (320, 150_000),
            Layer::High => (640, 500_000),
            // Chrome sends no layer of this size with less than 600 kbit/s; with a voice beside it, it still fits where
            // the relay knows nothing of a line.
            Layer::Podium => (PODIUM_SIZE.0, 800_000),
        };
        let rate = (CAMERA_RATE * u32::from(frame_rate_percent.min(100)) / 100).max(1);
        Self { bits, rate, scale_down: scale_down(captured, longer_side) }
    }

    /// Of a screen that is captured that wide and high, for a picture shown at that size: a tile tells that there is
    /// something to read, and not what.
    pub fn screen(size: PictureSize, captured: (u32, u32)) -> Self {
        let (longer_side, bits, rate) =
            if size == PictureSize::Large { (SCREEN_SIZE.0, 1_500_000, SCREEN_RATE) } else { (480, 150_000, 5) };
        Self { bits, rate, scale_down: scale_down(captured, longer_side) }
    }
}

fn scale_down((width, height): (u32, u32), longer_side: u32) -> f64 {
    (f64::from(width.max(height)) / f64::from(longer_side)).max(1.0)
}

/// For how much of some time a processor was short, in percent, from two readings of how many seconds it was so since the
/// beginning.
pub fn strained_percent(before_s: f64, after_s: f64, passed_s: f64) -> u8 {
    if passed_s <= 0.0 { 0 } else { ((after_s - before_s) / passed_s * 100.0).clamp(0.0, 100.0) as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_sent_half_as_large_as_it_is_captured() {
        let limits = Limits::camera(PictureSize::Tile, CAMERA_SIZE, 100);
        assert_eq!(limits, Limits { bits: 150_000, rate: 20, scale_down: 2.0 });
        let large = Limits::camera(PictureSize::Large, CAMERA_SIZE, 100);
        assert_eq!(large, Limits { bits: 500_000, rate: 20, scale_down: 1.0 });
    }

    #[test]
    fn at_the_podium_the_large_layer_is_larger_and_the_small_one_is_not() {
        let limits = |layer, captured| Limits::layer(layer, captured, 100);
        let podium = limits(Layer::Podium, PODIUM_SIZE);
        assert_eq!(podium, Limits { bits: 800_000, rate: 20, scale_down: 1.0 });
        assert!((limits(Layer::Low, PODIUM_SIZE).scale_down - 4.0).abs() < 1e-9);
        assert!((limits(Layer::High, PODIUM_SIZE).scale_down - 2.0).abs() < 1e-9, "in calls outside");
        // A camera that gives no more.
        assert!((limits(Layer::Podium, CAMERA_SIZE).scale_down - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_small_is_not_enlarged() {
        for captured in [(160, 120), (0, 0), (1, 1)] {
            assert!((Limits::camera(PictureSize::Tile, captured, 100).scale_down - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_phone_held_upright_is_scaled_by_its_height() {
        assert!((Limits::camera(PictureSize::Tile, (360, 640), 100).scale_down - 2.0).abs() < 1e-9);
        assert!((Limits::screen(PictureSize::Large, (3840, 2160)).scale_down - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_screen_is_sent_to_be_read_only_to_whoever_reads_it() {
        let large = Limits::screen(PictureSize::Large, SCREEN_SIZE);
        assert_eq!(large, Limits { bits: 1_500_000, rate: SCREEN_RATE, scale_down: 1.0 });
        let tile = Limits::screen(PictureSize::Tile, SCREEN_SIZE);
        assert_eq!(tile, Limits { bits: 150_000, rate: 5, scale_down: 4.0 });
    }

    #[test]
    fn a_short_processor_sends_fewer_pictures_and_never_none() {
        let rate = |percent| Limits::camera(PictureSize::Tile, CAMERA_SIZE, percent).rate;
        assert_eq!([100, 75, 50, 25, 0, 255].map(rate), [20, 15, 10, 5, 1, 20]);
    }

    #[test]
    fn strain_is_a_share_of_the_time_that_passed() {
        assert_eq!(strained_percent(3.0, 3.5, 1.0), 50);
        assert_eq!(strained_percent(3.0, 9.0, 1.0), 100);
        // A connection that began anew counts from zero.
        assert_eq!(strained_percent(3.0, 0.0, 1.0), 0);
        assert_eq!(strained_percent(0.0, 1.0, 0.0), 0);
        assert_eq!(strained_percent(0.0, f64::NAN, 1.0), 0);
    }
}
