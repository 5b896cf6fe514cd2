//! Who stands behind a thing is hidden by it, who stands before it hides it: on the campus itself.

use shared::map::drawing::Thing;

use super::*;

/// Where trees and benches are in `things-large.tsx`.
const LARGE: &str = "things-large.png";
const TREES: std::ops::RangeInclusive<u32> = 0..=10;
const BENCHES: std::ops::RangeInclusive<u32> = 15..=16;

/// How far from a thing's foot one looks for a place to stand, in pixels.
const NEAR: i32 = 24;

/// The first place from the middle of a thing's foot upwards or downwards where one can stand.
fn beside(map: &WorldMap, thing: &Thing, down: i32) -> Option<(u16, u16)> {
    let middle = thing.x as i32 + map.0.drawing.tilesets[thing.tile.tileset].tile_width as i32 / 2;
    let mut ys = (1..NEAR).map(|step| thing.foot as i32 + step * down);
    let y = ys.find(|y| map.0.collision.is_free(middle, *y))?;
    Some((middle as u16, y as u16))
}

impl Stage {
    /// The z of the thing that was placed there.
    fn z_of(&mut self, thing: &Thing) -> f32 {
        let mut named = self.app.world_mut().query::<(&Name, &Transform)>();
        let corner = Vec2::new(thing.x, -thing.bottom);
        let is_it = |(name, at): &(&Name, &Transform)| name.as_str() == "thing" && at.translation.truncate() == corner;
        let found: Vec<f32> = named.iter(self.app.world()).filter(is_it).map(|(_, at)| at.translation.z).collect();
        let [z] = found[..] else { panic!("one thing at {corner}: {found:?}") };
        z
    }

    /// The z of Bob, standing there.
    fn z_of_bob_at(&mut self, ms: u64, (x, y): (u16, u16)) -> f32 {
        self.moved(ms, edge(x, y, false));
        self.frame(ms);
        let (stance, transform, _) = self.bob().expect("Bob is drawn");
        assert_eq!(stance.feet, IVec2::new(x.into(), y.into()), "he is there");
        transform.translation.z
    }
}

#[test]
fn whoever_stands_above_the_foot_of_a_tree_or_a_bench_is_behind_it_and_below_before_it() {
    let mut stage = Stage::with_map();
    stage.joined(0, edge(X, Y, false));
    stage.frame(0);
    let map = WorldMap(std::sync::Arc::clone(&stage.app.world().resource::<WorldMap>().0));
    let drawing = &map.0.drawing;
    let large = drawing.tilesets.iter().position(|tileset| tileset.image == LARGE).expect("the tileset");
    let mut ms = 0;
    for (what, tiles, at_least) in [("tree", TREES, 10), ("bench", BENCHES, 5)] {
        let is_one = |thing: &&Thing| thing.tile.tileset == large && tiles.contains(&thing.tile.tile);
        let things = drawing.things.iter().filter(is_one);
        let reached = things.filter_map(|thing| Some((thing, beside(&map, thing, -1)?, beside(&map, thing, 1)?)));
        let mut count = 0;
        for (thing, above, below) in reached.take(40) {
            // After so long a gap nobody glides: Bob is there at once.
            ms += 1500;
            let behind = stage.z_of_bob_at(ms, above);
            ms += 1500;
            let before = stage.z_of_bob_at(ms, below);
            let z = stage.z_of(thing);
            assert!(behind < z, "a {what} with its foot at {} covers who stands at {above:?}", thing.foot);
            assert!(z < before, "who stands at {below:?} covers a {what} with its foot at {}", thing.foot);
            count += 1;
        }
        assert!(count >= at_least, "{count} of kind {what} that one can walk around");
    }
}
