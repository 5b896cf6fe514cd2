//! Draws the campus's tilesets.
//!
//! `sheet` is what a tileset is, `paint` what it is drawn with, `corners` how terrains meet. Then, by subject, what
//! lies flat: `grass`, `paving`, `water`, `hedge`, `floors`, `walls`; and what stands up: `trees`, `garden` (with `terrace` and `flowers`),
//! `seats`,
//! `tables`, `shelves`, `boards`, `games`.
//!
//! A map names tiles by number, so each list grows at its end alone.

pub mod boards;
pub mod corners;
pub mod floors;
mod flowers;
pub mod games;
pub mod garden;
pub mod grass;
pub mod hedge;
pub mod paint;
pub mod paving;
pub mod seats;
pub mod sheet;
pub mod shelves;
pub mod tables;
mod terrace;
pub mod trees;
pub mod walls;
pub mod water;

use std::path::Path;

use anyhow::Result;

use crate::palette::Palette;

use self::{paint::Paints, sheet::Sheet};

/// Draws the tiles into `assets`.
///
/// # Errors
/// If a picture cannot be written.
pub fn generate(palette: &Palette, assets: &Path) -> Result<()> {
    sheets(palette).iter().try_for_each(|sheet| sheet.save(assets))
}

/// All tilesets: two of flat tiles, two of things that stand on them.
pub fn sheets(palette: &Palette) -> [Sheet; 4] {
    let paints = &Paints::new(palette);
    let mut terrain = Sheet::new("terrain", 16, 16, 16);
    grass::add(&mut terrain, paints);
    paving::add(&mut terrain, paints);
    water::add(&mut terrain, paints);
    hedge::add(&mut terrain, paints);
    grass::add_fallen(&mut terrain, paints);
    paving::add_setts(&mut terrain, paints);
    water::add_jetty(&mut terrain, paints);

    let mut building = Sheet::new("building", 16, 16, 16);
    walls::add(&mut building, paints);
    floors::add(&mut building, paints);
    walls::add_late(&mut building, paints);

    let mut things = Sheet::new("things", 16, 32, 16);
    garden::add_small(&mut things, paints);
    seats::add_small(&mut things, paints);
    tables::add_small(&mut things, paints);
    shelves::add_small(&mut things, paints);
    boards::add_small(&mut things, paints);
    games::add_small(&mut things, paints);

    let mut large = Sheet::new("things-large", 48, 64, 8);
    trees::add(&mut large, paints);
    garden::add_large(&mut large, paints);
    seats::add_large(&mut large, paints);
    tables::add_large(&mut large, paints);
    shelves::add_large(&mut large, paints);
    boards::add_large(&mut large, paints);
    games::add_large(&mut large, paints);
    [terrain, building, things, large]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{sheet::MOST_CELLS, sheets};
    use crate::palette::Palette;

    const SOURCE: &str = include_str!("../../../../assets/art/palette.gpl");

    fn palette() -> Palette {
        Palette::parse(SOURCE).expect("the palette is committed beside this test")
    }

    #[test]
    fn a_sheet_fits_an_array_texture() {
        for sheet in sheets(&palette()) {
            assert!(sheet.cells().len() <= MOST_CELLS, "{} cells", sheet.cells().len());
        }
    }

    #[test]
    fn cells_are_as_large_as_the_sheet_says_and_named_once() {
        for sheet in sheets(&palette()) {
            let mut names = HashSet::new();
            for cell in sheet.cells() {
                assert_eq!((cell.picture.width(), cell.picture.height()), sheet.cell_size(), "{}", cell.name);
                assert!(names.insert(&cell.name), "{} stands twice", cell.name);
            }
        }
    }

    #[test]
    fn every_pixel_is_a_colour_of_the_palette() {
        let colours: HashSet<[u8; 3]> = SOURCE
            .lines()
            .filter_map(|line| {
                let mut words = line.split_whitespace().map(str::parse::<u8>);
                Some([words.next()?.ok()?, words.next()?.ok()?, words.next()?.ok()?])
            })
            .collect();
        for sheet in sheets(&palette()) {
            for cell in sheet.cells() {
                for y in 0..cell.picture.height() {
                    for x in 0..cell.picture.width() {
                        let [r, g, b, alpha] = cell.picture.at(x, y);
                        assert!(alpha == 0 || colours.contains(&[r, g, b]), "{} at {x}, {y}", cell.name);
                    }
                }
            }
        }
    }
}
