//! What a client paints of a map.

/// The picture of a map: layers of tiles, and things that stand on them.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    /// The sheets of tiles that layers and things refer to.
    pub tilesets: Vec<Tileset>,
    /// Painted from the first to the last, below everybody.
    pub below: Vec<TileLayer>,
    /// Painted from the first to the last, above everybody.
    pub above: Vec<TileLayer>,
    /// What stands about: painted between the people by depth.
    pub things: Vec<Thing>,
}

/// A picture cut into cells of one size, without margins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tileset {
    /// The picture's file, beside the map's.
    pub image: String,
    /// Pixels from left to right of one cell.
    pub tile_width: u32,
    /// Pixels from top to bottom of one cell.
    pub tile_height: u32,
    /// Cells in a row.
    pub columns: u32,
    /// Cells in all.
    pub tiles: u32,
}

/// One cell of a tileset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TileRef {
    /// Index into [`Drawing::tilesets`].
    pub tileset: usize,
    /// Index of the cell, row by row.
    pub tile: u32,
    /// Whether it is mirrored left to right.
    pub flip_horizontally: bool,
    /// Whether it is mirrored top to bottom.
    pub flip_vertically: bool,
    /// Whether it is mirrored along the diagonal, before the other two.
    pub flip_diagonally: bool,
}

/// A grid of tiles as large as the map.
#[derive(Clone, Debug)]
pub struct TileLayer {
    /// The layer's name in the map file.
    pub name: String,
    /// Row by row from the top left.
    pub tiles: Vec<Option<TileRef>>,
}

/// Something that stands on the ground: one goes behind it and before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thing {
    /// How it looks.
    pub tile: TileRef,
    /// Pixels from the left edge of the map to its left side.
    pub x: f32,
    /// Pixels from the top edge of the map to its bottom side.
    pub bottom: f32,
    /// Pixels from the top edge of the map to where it touches the ground: whoever stands lower is before it.
    pub foot: f32,
}
