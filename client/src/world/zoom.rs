//! How large the world is shown: whole pixels of the screen to a pixel of the art, so that it stays sharp.

use std::ops::RangeInclusive;

use shared::position::PIXELS_PER_TILE;

/// Fewest and most tiles along the longer side of the view.
const TILES: RangeInclusive<u32> = 8..=48;
/// Where one begins: enough to see who is near and where the next door is.
const TILES_AT_FIRST: RangeInclusive<u32> = 11..=28;
/// Where one begins if [`TILES_AT_FIRST`] allows it, in pixels of the style sheet: faces are well seen then.
const SCALE_AT_FIRST: f32 = 4.0;

/// Pixels of the screen on a side of a pixel of the art that are of use, with a view whose longer side has so many
/// pixels of the screen.
pub fn zooms(longer_side: u32) -> RangeInclusive<u32> {
    zooms_for(&TILES, longer_side)
}

/// The zoom to begin with; `pixel_ratio` is the number of pixels of the screen to one of the style sheet.
pub fn default_zoom(longer_side: u32, pixel_ratio: f32) -> u32 {
    let zooms = zooms_for(&TILES_AT_FIRST, longer_side);
    // A cast from float saturates.
    ((SCALE_AT_FIRST * pixel_ratio).round() as u32).clamp(*zooms.start(), *zooms.end())
}

fn zooms_for(tiles: &RangeInclusive<u32>, longer_side: u32) -> RangeInclusive<u32> {
    let tile = PIXELS_PER_TILE as u32;
    let least = longer_side.div_ceil(tile * tiles.end()).max(1);
    let most = (longer_side / (tile * tiles.start())).max(least);
    least..=most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_begins_with_a_good_number_of_tiles() {
        for (what, longer_side, pixel_ratio, tiles) in [
            ("a small test", 640, 1.0, 11.0..16.0),
            ("a laptop", 1366, 1.0, 20.0..28.0),
            ("a fine laptop", 2880, 2.0, 20.0..28.0),
            ("a large screen", 2560, 1.0, 20.0..28.1),
            ("a phone", 2532, 3.0, 11.0..14.0),
        ] {
            let zoom = default_zoom(longer_side, pixel_ratio);
            let seen = f64::from(longer_side) / f64::from(16 * zoom);
            assert!(tiles.contains(&seen), "{what}: {seen} tiles at zoom {zoom}");
            assert!(zooms(longer_side).contains(&zoom), "{what}");
        }
    }

    #[test]
    fn even_a_view_of_no_size_has_a_zoom() {
        assert_eq!((zooms(0), default_zoom(0, 0.0)), (1..=1, 1));
    }
}
