//! Which look has which strip of the sheet: one for each look in use, freed when nobody uses it.

use std::collections::HashMap;

use bevy::prelude::*;
use shared::profile::Appearance;

/// The strips in use.
#[derive(Debug, Default, Resource)]
pub(super) struct Wardrobe {
    strips: HashMap<Appearance, Strip>,
    free: Vec<usize>,
    /// Strips handed out so far, free ones included.
    made: usize,
    at_most: usize,
}

#[derive(Debug)]
struct Strip {
    index: usize,
    users: usize,
}

/// What [`Wardrobe::wear`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Worn {
    /// The strip to show.
    pub(super) index: usize,
    /// The look it has: another than asked for when all strips are taken.
    pub(super) appearance: Appearance,
    /// Whether the look must be painted on it first.
    pub(super) is_new: bool,
}

impl Wardrobe {
    pub(super) fn new(at_most: usize) -> Self {
        Self { at_most, ..Self::default() }
    }

    /// Takes a strip with that look for one avatar; if there is no room for it, one with the most similar look.
    pub(super) fn wear(&mut self, appearance: Appearance) -> Worn {
        if let Some(strip) = self.strips.get_mut(&appearance) {
            strip.users += 1;
            return Worn { index: strip.index, appearance, is_new: false };
        }
        let index = self.free.pop().or_else(|| {
            let index = self.made;
            (index < self.at_most).then(|| {
                self.made += 1;
                index
            })
        });
        if let Some(index) = index {
            self.strips.insert(appearance, Strip { index, users: 1 });
            return Worn { index, appearance, is_new: true };
        }
        let similar = self.strips.iter_mut().max_by_key(|(other, strip)| (likeness(appearance, **other), strip.index));
        match similar {
            Some((&appearance, strip)) => {
                strip.users += 1;
                Worn { index: strip.index, appearance, is_new: false }
            }
            // No strips at all: a sheet full of things.
            None => Worn { index: 0, appearance, is_new: false },
        }
    }

    /// Gives back what [`Self::wear`] gave to one avatar.
    pub(super) fn take_off(&mut self, appearance: Appearance) {
        let Some(strip) = self.strips.get_mut(&appearance) else { return };
        strip.users -= 1;
        if strip.users == 0 {
            self.free.push(strip.index);
            self.strips.remove(&appearance);
        }
    }
}

/// How many choices two looks have in common.
fn likeness(a: Appearance, b: Appearance) -> usize {
    a.choices().iter().zip(b.choices()).filter(|(a, b)| **a == *b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(choices: [u8; 5]) -> Appearance {
        Appearance::new(choices).expect("on the sheet")
    }

    #[test]
    fn a_look_has_one_strip_however_many_wear_it() {
        let mut wardrobe = Wardrobe::new(4);
        let first = wardrobe.wear(look([1, 0, 0, 0, 0]));
        let second = wardrobe.wear(look([1, 0, 0, 0, 0]));
        let other = wardrobe.wear(look([2, 0, 0, 0, 0]));
        assert!(first.is_new && !second.is_new && other.is_new);
        assert_eq!(first.index, second.index);
        assert_ne!(first.index, other.index);
    }

    #[test]
    fn a_strip_is_free_when_its_last_wearer_takes_it_off() {
        let mut wardrobe = Wardrobe::new(1);
        let (old, new) = (look([0; 5]), look([1; 5]));
        wardrobe.wear(old);
        wardrobe.wear(old);
        wardrobe.take_off(old);
        assert_eq!(wardrobe.wear(new).appearance, old, "somebody still wears it");
        wardrobe.take_off(old);
        wardrobe.take_off(old);
        assert_eq!(wardrobe.wear(new), Worn { index: 0, appearance: new, is_new: true });
    }

    #[test]
    fn when_all_are_taken_the_most_similar_look_is_shared() {
        let mut wardrobe = Wardrobe::new(2);
        wardrobe.wear(look([0; 5]));
        wardrobe.wear(look([1; 5]));
        let worn = wardrobe.wear(look([1, 1, 1, 0, 0]));
        assert_eq!((worn.appearance, worn.is_new), (look([1; 5]), false));
    }
}
