//! The layers of a look, and what one can choose of each, in words.

use shared::profile::Appearance;

use crate::words::words;

/// A layer of a look.
#[derive(Clone, Debug)]
pub struct Layer {
    /// What it is.
    pub label: &'static str,
    /// How to go one choice back ...
    pub previous: &'static str,
    /// ... and one on.
    pub next: &'static str,
    /// The choices in their order.
    pub choices: Vec<&'static str>,
}

/// All layers, in the order of [`Appearance::LAYERS`].
pub fn layers() -> [Layer; 5] {
    let w = words();
    [
        Layer {
            label: w.look_skin,
            previous: w.previous_skin,
            next: w.next_skin,
            choices: vec![w.skin_0, w.skin_1, w.skin_2, w.skin_3, w.skin_4, w.skin_5],
        },
        Layer {
            label: w.look_hair,
            previous: w.previous_hair,
            next: w.next_hair,
            choices: vec![w.hair_0, w.hair_1, w.hair_2, w.hair_3, w.hair_4, w.hair_5, w.hair_6, w.hair_7],
        },
        Layer {
            label: w.look_hair_colour,
            previous: w.previous_hair_colour,
            next: w.next_hair_colour,
            choices: vec![
                w.hair_colour_0,
                w.hair_colour_1,
                w.hair_colour_2,
                w.hair_colour_3,
                w.hair_colour_4,
                w.hair_colour_5,
                w.hair_colour_6,
                w.hair_colour_7,
            ],
        },
        Layer {
            label: w.look_top,
            previous: w.previous_top,
            next: w.next_top,
            choices: vec![
                w.top_0, w.top_1, w.top_2, w.top_3, w.top_4, w.top_5, w.top_6, w.top_7, w.top_8, w.top_9, w.top_10,
                w.top_11,
            ],
        },
        Layer {
            label: w.look_bottom,
            previous: w.previous_bottom,
            next: w.next_bottom,
            choices: vec![
                w.bottom_0, w.bottom_1, w.bottom_2, w.bottom_3, w.bottom_4, w.bottom_5, w.bottom_6, w.bottom_7,
            ],
        },
    ]
}

/// The look with another choice in a layer; as it was if there is no such layer or choice.
pub fn with_choice(look: Appearance, layer: usize, choice: usize) -> Appearance {
    let mut choices = look.choices();
    let (Some(place), Ok(choice)) = (choices.get_mut(layer), u8::try_from(choice)) else { return look };
    *place = choice;
    Appearance::new(choices).unwrap_or(look)
}

/// The choice so many steps on in a layer; after the last comes the first.
pub fn stepped(look: Appearance, layer: usize, steps: i32) -> usize {
    let (Some(choice), Some((_, count))) = (look.choices().get(layer).copied(), Appearance::LAYERS.get(layer)) else {
        return 0;
    };
    (i32::from(choice) + steps).rem_euclid(i32::from(*count)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_of_every_layer_has_its_words() {
        let named: Vec<_> = layers().iter().map(|layer| layer.choices.len()).collect();
        let there_are: Vec<_> = Appearance::LAYERS.iter().map(|(_, count)| usize::from(*count)).collect();
        assert_eq!(named, there_are);
    }

    #[test]
    fn one_can_step_through_all_choices_and_round_both_ends() {
        for layer in 0..Appearance::LAYERS.len() {
            let count = usize::from(Appearance::LAYERS[layer].1);
            let mut look = Appearance::default();
            for _ in 0..count {
                look = with_choice(look, layer, stepped(look, layer, 1));
            }
            assert_eq!(look, Appearance::default());
            assert_eq!(stepped(look, layer, -1), count - 1);
        }
    }

    #[test]
    fn what_there_is_not_changes_nothing() {
        let look = Appearance::from_number(5);
        assert_eq!(with_choice(look, 5, 0), look);
        assert_eq!(with_choice(look, 0, 6), look);
        assert_eq!(with_choice(look, 0, 300), look);
        assert_eq!(stepped(look, 9, 1), 0);
    }
}
