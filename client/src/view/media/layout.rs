//! How tiles are laid out: in a row beside whoever is large, or, in a room where nobody is, evenly. Faces alone are no
//! reason to cover the room: where nobody shows a picture they lie in a row as well.

/// How tiles lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Side by side.
    #[default]
    Row,
    /// All of one size and larger than in a row, as many side by side as fit.
    Grid,
}

impl Layout {
    /// That of the tiles, some of which may have pictures.
    pub fn of(is_in_room: bool, has_stage: bool, has_pictures: bool) -> Self {
        if is_in_room && !has_stage && has_pictures { Self::Grid } else { Self::Row }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_in_a_room_where_somebody_shows_a_picture_and_nobody_is_large_tiles_are_large() {
        for (is_in_room, has_stage, has_pictures) in
            [(true, true, true), (false, false, true), (true, false, false), (false, false, false)]
        {
            assert_eq!(Layout::of(is_in_room, has_stage, has_pictures), Layout::Row);
        }
        assert_eq!(Layout::of(true, false, true), Layout::Grid);
    }
}
