//! A tileset: one PNG of uniform cells and the `.tsx` file beside it that names them.
//!
//! A cell's id is its place in the sheet, so cells are only ever added at the end: maps refer to them by number.

use std::{fmt::Write as _, path::Path};

use anyhow::{Context, Result};

use crate::canvas::Canvas;

/// The renderer draws a tile layer from an array texture, and browsers promise only 256 layers of those.
pub const MOST_CELLS: usize = 256;

/// One picture of a sheet.
pub struct Cell {
    /// What the map editor shows as the tile's class.
    pub name: String,
    /// As large as the sheet's cells.
    pub picture: Canvas,
    /// Pixels from the bottom of the cell to where the thing touches the ground, negative upwards; absent on tiles
    /// that lie flat.
    pub depth: Option<i32>,
}

/// A terrain brush of the map editor: tiles told apart by which of their corners belong to the terrain.
pub struct Brush {
    /// The terrain.
    pub name: &'static str,
    /// What the editor paints it with, `#rrggbb`.
    pub colour: &'static str,
    /// Tile ids and their corners: north-west, north-east, south-east, south-west.
    pub tiles: Vec<(usize, [bool; 4])>,
}

/// A sheet under construction.
pub struct Sheet {
    name: &'static str,
    width: i32,
    height: i32,
    columns: usize,
    cells: Vec<Cell>,
    brushes: Vec<Brush>,
}

impl Sheet {
    /// An empty sheet whose cells have that many pixels.
    pub fn new(name: &'static str, width: i32, height: i32, columns: usize) -> Self {
        Self { name, width, height, columns, cells: Vec::new(), brushes: Vec::new() }
    }

    /// Adds something flat and gives its id.
    pub fn add(&mut self, name: impl Into<String>, picture: Canvas) -> usize {
        self.cells.push(Cell { name: name.into(), picture, depth: None });
        self.cells.len() - 1
    }

    /// Adds something that stands `foot` pixels above the bottom of its cell.
    pub fn stand(&mut self, name: impl Into<String>, picture: Canvas, foot: i32) {
        self.cells.push(Cell { name: name.into(), picture, depth: Some(-foot) });
    }

    /// Adds a terrain brush.
    pub fn brush(&mut self, brush: Brush) {
        self.brushes.push(brush);
    }

    /// All cells in the order of their ids.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Pixels of a cell.
    pub fn cell_size(&self) -> (i32, i32) {
        (self.width, self.height)
    }

    /// Writes `NAME.png` and `NAME.tsx`.
    ///
    /// # Errors
    /// If one of them cannot be written.
    pub fn save(&self, assets: &Path) -> Result<()> {
        self.picture().save(&assets.join(format!("{}.png", self.name)))?;
        let path = assets.join(format!("{}.tsx", self.name));
        std::fs::write(&path, self.tsx()).with_context(|| format!("cannot write {}", path.display()))
    }

    fn rows(&self) -> usize {
        self.cells.len().div_ceil(self.columns)
    }

    fn picture(&self) -> Canvas {
        let mut sheet = Canvas::new(self.width * self.columns as i32, self.height * self.rows() as i32);
        for (id, cell) in self.cells.iter().enumerate() {
            let (column, row) = (id % self.columns, id / self.columns);
            sheet.blit(&cell.picture, column as i32 * self.width, row as i32 * self.height);
        }
        sheet
    }

    fn tsx(&self) -> String {
        let Self { name, width, height, columns, .. } = self;
        let count = self.rows() * columns;
        let (image_width, image_height) = (width * *columns as i32, height * self.rows() as i32);
        let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "<tileset version=\"1.10\" tiledversion=\"1.10.2\" name=\"{name}\" tilewidth=\"{width}\" \
             tileheight=\"{height}\" tilecount=\"{count}\" columns=\"{columns}\" objectalignment=\"bottomleft\">"
        );
        let _ = writeln!(text, " <image source=\"{name}.png\" width=\"{image_width}\" height=\"{image_height}\"/>");
        for (id, cell) in self.cells.iter().enumerate() {
            match cell.depth {
                None | Some(0) => {
                    let _ = writeln!(text, " <tile id=\"{id}\" type=\"{}\"/>", cell.name);
                }
                Some(depth) => {
                    let _ = writeln!(
                        text,
                        " <tile id=\"{id}\" type=\"{}\">\n  <properties>\n   <property name=\"depth\" \
                         type=\"float\" value=\"{depth}\"/>\n  </properties>\n </tile>",
                        cell.name
                    );
                }
            }
        }
        self.write_brushes(&mut text);
        text.push_str("</tileset>\n");
        text
    }

    fn write_brushes(&self, text: &mut String) {
        if self.brushes.is_empty() {
            return;
        }
        text.push_str(" <wangsets>\n");
        for Brush { name, colour, tiles } in &self.brushes {
            let first = tiles.first().map_or(0, |tile| tile.0);
            let _ = writeln!(text, "  <wangset name=\"{name}\" type=\"corner\" tile=\"{first}\">");
            let _ =
                writeln!(text, "   <wangcolor name=\"{name}\" color=\"{colour}\" tile=\"{first}\" probability=\"1\"/>");
            for (id, corners) in tiles {
                let [nw, ne, se, sw] = corners.map(u8::from);
                let _ = writeln!(text, "   <wangtile tileid=\"{id}\" wangid=\"0,{ne},0,{se},0,{sw},0,{nw}\"/>");
            }
            text.push_str("  </wangset>\n");
        }
        text.push_str(" </wangsets>\n");
    }
}
