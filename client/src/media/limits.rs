//! Every bound of calls, with its reason.

use std::time::Duration;

use shared::{limits::CANDIDATES, rate::Rate};

/// Most messages to one page that are not acknowledged yet: a call takes some thirty, and what is said nearby a few.
pub(super) const UNACKNOWLEDGED: usize = 256;

/// Most bytes of them: two session descriptions of the largest size, and more chat than anybody writes in a minute.
pub(super) const UNACKNOWLEDGED_BYTES: usize = 256 * 1024;

/// Most messages that are kept because an earlier one is still missing, and most that are under way at once.
pub(super) const OUT_OF_ORDER: usize = 64;

/// How many earlier pages of somebody are remembered, to know their stragglers: nobody reloads faster than they die.
pub(super) const LEFT_INSTANCES: usize = 8;

/// Descriptions of the other side in one call: a path that is lost and found all the time takes one in three seconds.
pub(super) const DESCRIPTIONS: Rate = Rate::every_seconds(10, 2);

/// Calls with one person: parting and meeting again all the time takes one in two seconds. Each costs a connection, and
/// the other side may ask for one after the other.
pub(super) const CALLS_BEGUN: Rate = Rate::every_seconds(6, 2);

/// Remarks of one person over a link: twice what one who behaves says, because links hold back and let go.
pub(super) const REMARKS_TAKEN: Rate = Rate::per_second(16, 2);

/// Frames of one person over a link, of whatever kind: setting up a call and a page of remarks take a hundred or two in a
/// moment, each acknowledged. What comes faster for long comes of nobody who behaves.
pub(super) const FRAMES_TAKEN: Rate = Rate::per_second(512, 100);

/// Most messages of the other side that wait for the browser: it never takes long for a description.
pub(super) const WAITING: usize = 2 * CANDIDATES + 8;

/// Most links to one person at once: the one in use, and the one that is to take its place.
pub(super) const LINKS_TO_ONE: usize = 2;

/// A link that does not stand after this never will; a path that comes back meanwhile is found by it.
pub(super) const LINK_WITHIN: Duration = Duration::from_secs(12);

/// Somebody whose machine has not answered after this is not waited for: others take their place meanwhile.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// A link on which nothing was acknowledged for so long leads nowhere any more.
pub(super) const LINK_SILENT: Duration = Duration::from_secs(5);

/// A link nobody used for so long is closed: a day among many people leaves nothing behind.
pub(super) const LINK_IDLE: Duration = Duration::from_mins(1);

/// Somebody near without a call, to whom no link leads for so long, is not shown any more.
pub(super) const LINK_FORGOTTEN: Duration = Duration::from_mins(1);

/// How long an offer waits for oneself to find that the other is near: both look ten times a second.
pub(super) const HOLD_OFFER: Duration = Duration::from_secs(1);

/// Most messages of a call that wait with its offer.
pub(super) const HELD_MESSAGES: usize = 80;

/// Most ids of signalling that are not known to be anybody's.
pub(super) const EARLY_PEERS: usize = 16;

/// Most signals of one of them.
pub(super) const EARLY_SIGNALS: usize = 32;

/// Most introductions at once: more people than stand near anybody.
pub(super) const INTRODUCTIONS_KEPT: usize = 512;

/// A relay that does not say who helps is asked again after this.
pub(super) const ICE_AGAIN_AFTER: Duration = Duration::from_secs(10);
