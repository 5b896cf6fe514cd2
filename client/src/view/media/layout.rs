//! How tiles are laid out: in a row beside whoever is large, or, in a room where nobody is, evenly. Faces alone are no
//! reason to cover the room: where nobody shows a picture they lie in a row as well.

/// How tiles lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Side by side.
    #[default]
    Row,
    /// In so many columns, all of one size and larger than in a row.
    Grid(usize),
}

impl Layout {
    /// That of so many tiles, of which some may have pictures.
    pub fn of(is_in_room: bool, has_stage: bool, tiles: usize, has_pictures: bool) -> Self {
        if !is_in_room || has_stage || !has_pictures {
            return Self::Row;
        }
        // As many columns as rows, or one more: tiles are wider than they are high, and so are most windows.
        let columns = (1..=tiles).find(|columns| columns * columns >= tiles).unwrap_or(1);
        Self::Grid(columns)
    }

    /// How many columns there are; none in a row.
    pub const fn columns(self) -> Option<usize> {
        match self {
            Self::Row => None,
            Self::Grid(columns) => Some(columns),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_without_a_stage_is_a_grid_as_square_as_can_be() {
        let columns = [0, 1, 2, 3, 4, 5, 6, 7, 9].map(|tiles| Layout::of(true, false, tiles, true).columns());
        assert_eq!(columns, [1, 1, 2, 2, 2, 3, 3, 3, 3].map(Some));
    }

    #[test]
    fn whoever_is_large_has_the_others_beside_them_and_so_has_everybody_outside() {
        assert_eq!(Layout::of(true, true, 4, true), Layout::Row);
        assert_eq!(Layout::of(false, false, 4, true), Layout::Row);
    }

    #[test]
    fn faces_alone_leave_the_room_in_sight() {
        assert_eq!(Layout::of(true, false, 9, false), Layout::Row);
    }
}
