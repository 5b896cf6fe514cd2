//! Which crates may stand on which: arrows point one way, and what should be light stays light.

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use crate::exec;

/// A crate, and what must not be among all it stands on; `*` stands for any end.
struct Law {
    package: &'static str,
    features: &'static [&'static str],
    without: &'static [&'static str],
}

const LAWS: &[Law] = &[
    // Both sides, and every test, stand on it.
    Law {
        package: "shared",
        features: &[],
        without: &["tokio*", "async-*", "bevy*", "web-sys", "js-sys", "leptos*", "warp", "client", "relay"],
    },
    Law { package: "relay", features: &[], without: &["client", "bevy*", "leptos*"] },
    Law { package: "client", features: &[], without: &["relay", "warp"] },
    // A thousand of them must fit beside a relay, and they must compile while one waits.
    Law {
        package: "client",
        features: &["--no-default-features", "--features", "bots"],
        without: &["relay", "bevy*", "leptos*", "wgpu*"],
    },
    // What a newcomer waits for first.
    Law { package: "xtask", features: &[], without: &["bevy*", "client", "relay", "tokio*"] },
];

/// Asks cargo for what each crate stands on.
pub(super) fn check() -> Result<()> {
    let mut broken = Vec::new();
    for law in LAWS {
        let mut tree = exec::cargo(["tree", "--package", law.package, "--edges", "normal", "--prefix", "none"]);
        tree.args(["--format", "{p}"]).args(law.features);
        let list = exec::read(tree)?;
        let names: BTreeSet<&str> = list.lines().filter_map(|line| line.split(' ').next()).collect();
        let found = names.into_iter().filter(|name| law.without.iter().any(|pattern| fits(pattern, name)));
        broken.extend(found.map(|name| format!("{}/Cargo.toml:1: {} stands on {name}", law.package, law.package)));
    }
    if broken.is_empty() {
        return Ok(());
    }
    bail!("{}\n(`cargo tree --package A --invert B` says why)", broken.join("\n"));
}

fn fits(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_end() {
        assert!(fits("bevy*", "bevy_ecs") && fits("bevy*", "bevy"));
        assert!(fits("warp", "warp") && !fits("warp", "warpath"));
    }
}
