//! How large the world is shown right now, whoever sees to it.

use bevy::prelude::*;

use super::{
    Lens,
    zoom::{default_zoom, zooms},
};

/// The shell's lens, or Bevy's own where the shell has none.
pub(super) struct Glass {
    shell: Option<Box<dyn Lens>>,
    own_zoom: Option<u32>,
}

impl Glass {
    pub(super) fn new(shell: Option<Box<dyn Lens>>) -> Self {
        Self { shell, own_zoom: None }
    }

    /// Pixels of the screen on a side of a pixel of the art.
    pub(super) fn zoom(&self) -> u32 {
        let zoom = self.shell.as_ref().map_or(self.own_zoom.unwrap_or(1), |shell| shell.zoom());
        zoom.max(1)
    }

    /// Pixels that Bevy draws on a side of a pixel of the art: one where the shell scales the picture up.
    pub(super) fn drawn_zoom(&self) -> u32 {
        if self.shell.is_some() { 1 } else { self.zoom() }
    }

    /// Shows the world at that zoom, or the nearest that is of use in a view of so many pixels that Bevy draws.
    pub(super) fn set_zoom(&mut self, zoom: u32, view: UVec2) {
        let zooms = zooms(self.longer_side(view));
        let zoom = zoom.clamp(*zooms.start(), *zooms.end());
        match &self.shell {
            Some(shell) if shell.zoom() != zoom => shell.set_zoom(zoom),
            Some(_) => {}
            None => self.own_zoom = Some(zoom),
        }
    }

    /// Chooses a zoom if nobody did.
    pub(super) fn begin(&mut self, view: UVec2, pixel_ratio: f32) {
        if self.shell.is_none() && self.own_zoom.is_none() {
            self.own_zoom = Some(default_zoom(view.max_element(), pixel_ratio));
        }
    }

    fn longer_side(&self, view: UVec2) -> u32 {
        view.max_element() * self.zoom() / self.drawn_zoom()
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use super::*;

    /// A shell that takes whatever zoom it is told.
    struct Shell(Rc<Cell<u32>>);

    impl Lens for Shell {
        fn zoom(&self) -> u32 {
            self.0.get()
        }

        fn set_zoom(&self, zoom: u32) {
            self.0.set(zoom);
        }
    }

    #[test]
    fn a_shell_is_asked_for_nothing_but_zooms_of_use() {
        let zoom = Rc::new(Cell::new(3));
        let mut glass = Glass::new(Some(Box::new(Shell(Rc::clone(&zoom)))));
        for (wanted, expected) in [(4, 4), (u32::MAX, 10), (11, 10), (9, 9), (0, 2), (1, 2), (10, 10)] {
            // Bevy draws a pixel for each of the art's: fewer, the more the shell shows them larger.
            let view = UVec2::new(1280, 720) / zoom.get();
            glass.set_zoom(wanted, view);
            assert_eq!((zoom.get(), glass.zoom(), glass.drawn_zoom()), (expected, expected, 1), "{wanted} was wanted");
        }
    }
}
