//! The project's own map is sound and has what is promised of it; broken maps are refused with words that help.

use std::path::Path;

use shared::{
    map::{
        Map, MapError, MapFiles, ZoneKind,
        spots::{ELBOW_ROOM_TILES, NAME_ROOM_TILES},
    },
    position::{Direction, Point, Position},
    profile::Status,
    proximity::{DOOR_WITHIN_TILES, Listener, may_be_introduced},
};

/// The campus with its tilesets.
fn files() -> MapFiles {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets");
    let mut files = MapFiles::new();
    for entry in std::fs::read_dir(folder).expect("the assets").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if [".tmx", ".tsx", ".png"].iter().any(|ending| name.ends_with(ending)) {
            files.insert(name, std::fs::read(entry.path()).expect("an asset"));
        }
    }
    files
}

fn campus() -> Map {
    Map::read("campus.tmx", &files()).expect("a sound map")
}

/// The error of the campus with one text of its map file replaced.
fn broken(from: &str, to: &str) -> MapError {
    let mut files = files();
    let text = String::from_utf8(files["campus.tmx"].clone()).expect("text");
    assert!(text.contains(from), "the campus has no {from:?}");
    files.insert("campus.tmx".to_owned(), text.replacen(from, to, 1).into_bytes());
    Map::read("campus.tmx", &files).expect_err("a broken map")
}

/// The attributes of an object as they stand in the map file.
fn object(name: &str) -> String {
    let files = files();
    let text = String::from_utf8_lossy(&files["campus.tmx"]).into_owned();
    let at = text.find(&format!("name=\"{name}\"")).expect("the object");
    let start = text[..at].rfind('<').expect("its tag");
    let end = at + text[at..].find('>').expect("the end of its tag");
    text[start..=end].to_owned()
}

fn with_attribute(tag: &str, key: &str, value: &str) -> String {
    let start = tag.find(&format!(" {key}=\"")).expect("the attribute") + key.len() + 3;
    let end = start + tag[start..].find('"').expect("its end");
    format!("{}{value}{}", &tag[..start], &tag[end..])
}

#[test]
fn the_campus_has_its_rooms_and_spawn_points() {
    let campus = campus();
    assert!(campus.width_tiles >= 60 && campus.height_tiles >= 45);
    for (name, kind) in [
        ("classroom-a", ZoneKind::Classroom),
        ("classroom-b", ZoneKind::Classroom),
        ("meeting-1", ZoneKind::Meeting),
        ("meeting-2", ZoneKind::Meeting),
        ("meeting-3", ZoneKind::Meeting),
        ("library", ZoneKind::Quiet),
        ("lounge", ZoneKind::Lounge),
    ] {
        let spawn = campus.spawn(name).unwrap_or_else(|| panic!("no spawn point {name}"));
        let zone = campus.zone_at(spawn).unwrap_or_else(|| panic!("the spawn point {name} is in no room"));
        assert_eq!((zone.name.as_str(), zone.kind), (name, kind));
        assert_eq!(zone.podium.is_some(), kind == ZoneKind::Classroom, "{name}");
    }
    assert_eq!(campus.zone_at(campus.default_spawn()), None, "one arrives in the open");
}

#[test]
fn fourteen_tiles_east_of_the_courtyard_are_free() {
    let campus = campus();
    let spawn = campus.default_spawn();
    for x in spawn.x..=spawn.x + 14 * 16 {
        assert!(campus.collision.is_walkable(Position::new(x, spawn.y)), "blocked at {x}");
    }
}

#[test]
fn every_spawn_point_is_reached_from_the_courtyard() {
    let campus = campus();
    for spawn in &campus.spawns {
        let legs = campus.paths.find(&campus.collision, campus.default_spawn(), spawn.position);
        let end = legs.last().map_or(campus.default_spawn(), |leg| leg.end);
        assert_eq!(end, spawn.position, "{}", spawn.name);
    }
}

#[test]
fn nobody_can_be_trapped() {
    let campus = campus();
    let (width, height) = campus.collision.size();
    let spawn = campus.default_spawn();
    for y in (0..height).step_by(8) {
        for x in (0..width).step_by(8) {
            let place = Position::new(x as u16, y as u16);
            let is_stuck = campus.collision.is_walkable(place)
                && !Direction::ALL.iter().any(|way| campus.collision.is_free(x + way.step().0, y + way.step().1));
            assert!(!is_stuck, "one is stuck at {place:?}");
            let area = shared::map::Rectangle { x, y, width: 0, height: 0 };
            if campus.collision.is_walkable(place) && !campus.paths.reaches_any(spawn, area) {
                let legs = campus.paths.find(&campus.collision, place, spawn);
                let end = legs.last().map(|leg| leg.end);
                assert_eq!(end, Some(spawn), "a pocket at {place:?}, tile {:?}", place.tile());
            }
        }
    }
}

#[test]
fn a_missing_layer_is_named() {
    for layer in ["ground", "things", "collision", "zones", "spawns"] {
        let error = broken(&format!("name=\"{layer}\""), "name=\"elsewhere\"").to_string();
        assert!(error.contains(&format!("`{layer}`")) && error.contains("missing"), "{error}");
    }
}

#[test]
fn a_spawn_point_in_a_wall_is_named_with_its_tile() {
    let tag = object("courtyard");
    let moved = with_attribute(&with_attribute(&tag, "x", "2"), "y", "40");
    let error = broken(&tag, &moved).to_string();
    assert_eq!(
        error,
        "layer `spawns`, object `courtyard` at tile (0, 2): the spawn point is in a wall or too close to one; \
         move it to free ground"
    );
}

#[test]
fn rooms_that_overlap_are_named() {
    let (tag, other) = (object("meeting-1"), object("meeting-2"));
    let value = |key: &str| {
        let start = other.find(&format!(" {key}=\"")).expect("the attribute") + key.len() + 3;
        other[start..].split('"').next().expect("its value").to_owned()
    };
    let moved = with_attribute(&with_attribute(&tag, "x", &value("x")), "y", &value("y"));
    let error = broken(&tag, &moved).to_string();
    let [column, row] = ["x", "y"].map(|key| value(key).parse::<i32>().expect("whole pixels") / 16);
    let expected = format!(
        "layer `zones`, object `meeting-2` at tile ({column}, {row}): the room overlaps `meeting-1`; rooms may touch \
         but not share floor"
    );
    assert_eq!(error, expected);
}

#[test]
fn a_room_without_a_door_is_named() {
    // A wall all round the campus' largest room, as thick as its doors.
    let campus = campus();
    let zone = campus.zones.iter().find(|zone| zone.name == "library").expect("the library");
    let area = zone.area;
    let ring = [
        (area.x - 16, area.y - 16, area.width + 32, 16),
        (area.x - 16, area.bottom(), area.width + 32, 16),
        (area.x - 16, area.y - 16, 16, area.height + 32),
        (area.right(), area.y - 16, 16, area.height + 32),
    ];
    let mut walls = String::new();
    for (index, (x, y, width, height)) in ring.into_iter().enumerate() {
        let id = 90_000 + index;
        let size = format!("width=\"{width}\" height=\"{height}\"");
        let property = "<properties><property name=\"blocks_sound\" type=\"bool\" value=\"true\"/></properties>";
        let wall = format!("<object id=\"{id}\" name=\"wall\" x=\"{x}\" y=\"{y}\" {size}>{property}</object>");
        walls.push_str(&wall);
    }
    let text = String::from_utf8(files()["campus.tmx"].clone()).expect("text");
    let at = text.find("name=\"collision\"").expect("the layer");
    let end = at + text[at..].find('>').expect("the end of its tag") + 1;
    let start = text[..at].rfind('<').expect("its tag");
    let tag = &text[start..end];
    let error = broken(tag, &format!("{tag}{walls}")).to_string();
    let (column, row) = (area.x / 16, area.y / 16);
    let expected = format!(
        "layer `zones`, object `library` at tile ({column}, {row}): nobody can walk into this room from the spawn \
         point `courtyard`; open a door"
    );
    assert_eq!(error, expected);
}

#[test]
fn claims_beyond_bounds_are_refused_before_they_are_believed() {
    for (from, to, expected) in [
        ("width=\"76\"", "width=\"4000000000\"", "`width` of <map>"),
        ("infinite=\"0\"", "infinite=\"1\"", "fixed size"),
        ("encoding=\"csv\"", "encoding=\"base64\" compression=\"zlib\"", "the compression of layer `ground` is zlib"),
        ("encoding=\"csv\"", "encoding=\"base64\"", "the encoding of layer `ground` is base64"),
        ("encoding=\"csv\"", "", "the encoding of layer `ground` is XML"),
    ] {
        let error = broken(from, to).to_string();
        assert!(error.contains(expected), "{error}");
    }
    let mut files = files();
    let tileset = String::from_utf8(files["terrain.tsx"].clone()).expect("text");
    files.insert("terrain.tsx".into(), tileset.replace("tilecount=\"", "tilecount=\"9").into_bytes());
    let error = Map::read("campus.tmx", &files).expect_err("a broken tileset").to_string();
    assert!(error.contains("terrain.tsx") && error.contains("tilecount"), "{error}");
    files.remove("terrain.tsx");
    let error = Map::read("campus.tmx", &files).expect_err("no tileset").to_string();
    assert!(error.contains("terrain.tsx is missing"), "{error}");
}

#[test]
fn a_layer_with_too_few_tiles_is_named() {
    let text = String::from_utf8(files()["campus.tmx"].clone()).expect("text");
    let start = text.find("encoding=\"csv\">").expect("tiles") + "encoding=\"csv\">".len();
    let rows = text[start..].trim_start();
    let first_line = &rows[..rows.find('\n').expect("a line")];
    let error = broken(first_line, "").to_string();
    assert!(error.contains("the number of tiles of layer `ground` is 4484; expected 4560"), "{error}");
    let tiles = &text[start..start + text[start..].find('<').expect("their end")];
    let error = broken(tiles, "").to_string();
    assert!(error.contains("the number of tiles of layer `ground` is 0; expected 4560"), "{error}");
}

#[test]
fn a_layer_of_another_size_is_named() {
    let error = broken("name=\"ground\" width=\"76\"", "name=\"ground\" width=\"75\"").to_string();
    assert_eq!(error, "campus.tmx: the size of layer `ground` is 75 by 60; expected the size of the map");
}

#[test]
fn a_tile_that_is_no_number_is_named_with_its_layer() {
    let text = String::from_utf8(files()["campus.tmx"].clone()).expect("text");
    let start = text.find("encoding=\"csv\">").expect("tiles") + "encoding=\"csv\">".len();
    let lines: Vec<_> = text[start..].trim_start().lines().take(2).collect();
    let second = lines[1];
    let (first_tile, rest) = second.split_once(',').expect("tiles");
    let error = broken(&format!("\n{second}"), &format!("\n{first_tile}x,{rest}")).to_string();
    assert_eq!(error, format!("layer `ground`, tile (0, 1): `{first_tile}x` is no number of a tile; paint it anew"));
}

#[test]
fn an_object_with_something_that_is_no_number_is_named() {
    let tag = object("courtyard");
    let place = |key: &str| {
        let start = tag.find(&format!(" {key}=\"")).expect("the attribute") + key.len() + 3;
        tag[start..].split('"').next().expect("its value").parse::<i32>().expect("whole pixels")
    };
    let (column, row) = (place("x") / 16, place("y") / 16);
    let here = format!("object `courtyard` at tile ({column}, {row}) of layer `spawns`");
    let error = broken(&tag, &tag.replace("<object ", "<object rotation=\"much\" ")).to_string();
    assert_eq!(error, format!("campus.tmx: `rotation` of {here} is much; expected a number"));
    let error = broken(&tag, &with_attribute(&tag, "x", "here")).to_string();
    assert_eq!(error, "campus.tmx: `x` of object `courtyard` of layer `spawns` is here; expected a number");
    let error = broken("type=\"bool\" value=\"", "type=\"bool\" value=\"not ").to_string();
    assert!(error.contains("`blocks_sound` of object `") && error.contains("of layer `collision`"), "{error}");
}

#[test]
fn a_group_of_layers_is_named() {
    let error = broken("<layer ", "<group name=\"all\"/><layer ").to_string();
    assert_eq!(
        error,
        "campus.tmx: the kind of layer `all` is `group`; expected no groups of layers: move the layers out of it"
    );
}

#[test]
fn a_map_without_the_place_where_everybody_arrives_says_which() {
    let error = broken("name=\"courtyard\"", "name=\"yard\"").to_string();
    assert!(error.starts_with("layer `spawns`, object `courtyard` is missing"), "{error}");
}

#[test]
fn every_room_has_a_door_and_two_at_one_may_be_introduced_from_inside() {
    let map = campus();
    for (index, zone) in map.zones.iter().enumerate() {
        let doors: Vec<_> = map.doors.iter().filter(|door| door.zone == index).collect();
        assert!((1..=4).contains(&doors.len()), "{}: {doors:?}", zone.name);
        if zone.kind == ZoneKind::Quiet {
            continue;
        }
        let door = doors[0].position;
        let (x, y) = (zone.area.x + zone.area.width / 2, zone.area.y + zone.area.height / 2);
        // So many pixels from the door towards the middle of the room.
        let inside = |pixels: i32| {
            let towards = |from: u16, to: i32| (i32::from(from) + (to - i32::from(from)).clamp(-pixels, pixels)) as u16;
            let point = Position::new(towards(door.x, x), towards(door.y, y)).into();
            Listener { point, status: Status::Available }
        };
        assert_eq!(map.zone_at(inside(20).point.nearest_position()), Some(zone));
        assert!(may_be_introduced(&map, inside(20), inside(30)), "{}", zone.name);
        let deaf = Listener { status: Status::DoNotDisturb, ..inside(30) };
        assert!(!may_be_introduced(&map, inside(20), deaf));
        let far = Listener { point: Position::new(x as u16, y as u16).into(), status: Status::Available };
        let is_far = far.point.distance_tiles(door.into()) > DOOR_WITHIN_TILES;
        assert!(!is_far || !may_be_introduced(&map, inside(20), far), "{}", zone.name);
    }
}

/// Whether nobody of those who are there already is so near that one would hide them.
fn keeps_apart(taken: &[Position], spot: Position) -> bool {
    taken.iter().all(|other| Point::from(*other).distance_tiles(Point::from(spot)) >= ELBOW_ROOM_TILES)
}

#[test]
fn thirty_who_arrive_at_one_place_stand_apart_in_its_room_and_in_no_wall() {
    let map = campus();
    let zone = |position| map.zone_at(position).map(|zone| zone.name.as_str());
    for spawn in &map.spawns {
        let mut taken: Vec<Position> = Vec::new();
        for _ in 0..30 {
            // A small room is full at last.
            let Some(spot) = map.spot_at(spawn.position, &taken, ELBOW_ROOM_TILES) else { break };
            assert!(map.collision.is_walkable(spot), "{} {spot:?}", spawn.name);
            assert_eq!(zone(spot), zone(spawn.position));
            assert!(keeps_apart(&taken, spot), "{} {spot:?}", spawn.name);
            taken.push(spot);
        }
        assert!(taken.len() >= 8, "{}: {} spots", spawn.name, taken.len());
    }
}

#[test]
fn a_free_place_is_taken_itself_and_then_the_one_beside_it() {
    let map = campus();
    let place = map.default_spawn();
    assert_eq!(map.spot_at(place, &[], ELBOW_ROOM_TILES), Some(place));
    assert_eq!(map.spot_at(place, &[place], ELBOW_ROOM_TILES), Some(Position::new(place.x + 16, place.y)));
    assert_eq!(map.spot_at(place, &[place], NAME_ROOM_TILES), Some(Position::new(place.x + 32, place.y)));
    let everywhere: Vec<_> = (0..1200).flat_map(|x| (0..960).step_by(8).map(move |y| Position::new(x, y))).collect();
    assert_eq!(map.spot_at(place, &everywhere, ELBOW_ROOM_TILES), None);
}

#[test]
fn from_wherever_one_can_stand_the_spot_is_one_where_one_can_stand() {
    let map = campus();
    let places = (0..1200).step_by(7).flat_map(|x| (0..960).step_by(7).map(move |y| Position::new(x, y)));
    for place in places.filter(|place| map.collision.is_walkable(*place)) {
        if let Some(spot) = map.spot_at(place, &[place], ELBOW_ROOM_TILES) {
            assert!(map.collision.is_walkable(spot), "{place:?} {spot:?}");
        }
    }
}
