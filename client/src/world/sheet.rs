//! The one picture that everything is cut out of that is no ground: things, avatars, marks.
//!
//! Sprites with the same picture are drawn in one go; with several pictures each change of picture from the back to
//! the front would cost a draw call of its own. At the top is what never changes, below it the avatars, one strip for
//! each look, in rows of [`STRIPS_IN_A_ROW`].

use bevy::prelude::*;

use super::art::Picture;

/// Pixels of a strip: twelve cells of 20 by 28.
pub(super) const STRIP: UVec2 = UVec2::new(240, 28);
/// As many as fit into what every WebGL 2 device can take, 2048 pixels.
const STRIPS_IN_A_ROW: u32 = 8;
/// What every WebGL 2 device can take.
const HEIGHT_AT_MOST: u32 = 2048;

/// The picture, here and on the graphics card.
#[derive(Resource)]
pub(super) struct Sheet {
    picture: Picture,
    /// Where the next fixed picture goes, and how high the highest beside it is.
    shelf: UVec2,
    shelf_height: u32,
    image: Handle<Image>,
    is_changed: bool,
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(PostUpdate, send_to_the_card.before(bevy::asset::AssetEventSystems));
}

impl Sheet {
    pub(super) fn new(images: &mut Assets<Image>) -> Self {
        let picture = Picture::blank(UVec2::new(STRIP.x * STRIPS_IN_A_ROW, 0));
        Self {
            image: images.add(Picture::blank(UVec2::ONE).image()),
            picture,
            shelf: UVec2::ZERO,
            shelf_height: 0,
            is_changed: false,
        }
    }

    /// What sprites refer to.
    pub(super) fn image(&self) -> Handle<Image> {
        self.image.clone()
    }

    /// Puts a fixed picture on the sheet and says where. All of them come before the first strip.
    pub(super) fn put(&mut self, picture: &Picture) -> UVec2 {
        if self.shelf.x + picture.size.x > self.picture.size.x {
            self.shelf = UVec2::new(0, self.shelf.y + self.shelf_height);
            self.shelf_height = 0;
        }
        let place = self.shelf;
        self.shelf_height = self.shelf_height.max(picture.size.y);
        self.shelf.x += picture.size.x;
        self.picture.grow(self.top());
        self.picture.lay(place, picture, URect::from_corners(UVec2::ZERO, picture.size));
        self.is_changed = true;
        place
    }

    /// How many strips there can be at most.
    pub(super) fn strips_at_most(&self) -> usize {
        (HEIGHT_AT_MOST.saturating_sub(self.top()) / STRIP.y * STRIPS_IN_A_ROW) as usize
    }

    /// Where a strip is.
    pub(super) fn strip(&self, index: usize) -> UVec2 {
        let index = index as u32;
        UVec2::new(index % STRIPS_IN_A_ROW * STRIP.x, self.top() + index / STRIPS_IN_A_ROW * STRIP.y)
    }

    /// Fills a strip with rows of a source laid over one another.
    pub(super) fn paint_strip(&mut self, index: usize, source: &Picture, rows: &[u32]) {
        let place = self.strip(index);
        if place.y + STRIP.y > self.picture.size.y {
            // Twice as many strips: the whole picture is sent anew for each change, so it is kept small.
            let strips = (self.picture.size.y - self.top()) / STRIP.y;
            let height = self.top() + (strips * 2).max(place.y.saturating_sub(self.top()) / STRIP.y + 1) * STRIP.y;
            self.picture.grow(height.min(HEIGHT_AT_MOST).max(place.y + STRIP.y));
        }
        self.picture.clear(URect::from_corners(place, place + STRIP));
        for row in rows {
            let from = UVec2::new(0, row * STRIP.y);
            self.picture.lay(place, source, URect::from_corners(from, from + STRIP));
        }
        self.is_changed = true;
    }

    fn top(&self) -> u32 {
        self.shelf.y + self.shelf_height
    }
}

fn send_to_the_card(sheet: Option<ResMut<Sheet>>, mut images: ResMut<Assets<Image>>) {
    let Some(mut sheet) = sheet.filter(|sheet| sheet.is_changed) else { return };
    // The handle lives as long as the sheet, so its place in the assets does too.
    let _ = images.insert(sheet.image.id(), sheet.picture.image());
    sheet.is_changed = false;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_on_the_sheet_overlaps_and_all_of_it_fits_any_device() {
        let mut images = Assets::<Image>::default();
        let mut sheet = Sheet::new(&mut images);
        let sizes = [(256, 96), (384, 512), (1600, 40), (16, 16)].map(UVec2::from);
        let mut areas: Vec<URect> = Vec::new();
        for size in sizes {
            let place = sheet.put(&Picture::blank(size));
            areas.push(URect::from_corners(place, place + size));
        }
        let source = Picture::blank(UVec2::new(240, 28 * 90));
        for index in 0..sheet.strips_at_most() {
            sheet.paint_strip(index, &source, &[0, 3]);
            let place = sheet.strip(index);
            areas.push(URect::from_corners(place, place + STRIP));
        }
        assert!(sheet.picture.size.max_element() <= 2048, "{}", sheet.picture.size);
        assert!(sheet.strips_at_most() >= 200);
        for (index, area) in areas.iter().enumerate() {
            assert!(area.max.cmple(sheet.picture.size).all());
            assert!(areas[..index].iter().all(|other| other.intersect(*area).is_empty()), "{area:?}");
        }
    }
}
