//! Little pictures on buttons: squares, as everything on the campus is made of.

use std::fmt::Write;

use leptos::prelude::*;

/// Squares across and down a picture.
const SIZE: usize = 16;

/// The rows of a picture; whatever is not a space in them is a square.
type Picture = [&'static str; SIZE];

/// What there are pictures of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Icon {
    /// A speech bubble.
    Message,
    /// Somebody who walks.
    Walk,
    /// An eye.
    Find,
    /// A raised hand.
    Wave,
    /// A circle with a bar.
    Block,
    /// A bin.
    Forget,
    /// More below.
    More,
    /// A magnifying glass.
    Search,
    /// A smiling face.
    React,
    /// Two people.
    People,
    /// A cogwheel.
    Settings,
    /// Heads, side by side.
    Everyone,
    /// Sound, going out from somebody.
    Nearby,
    /// A door.
    Room,
    /// Where one came from.
    Back,
    /// A paper plane.
    Send,
    /// A clock.
    Waiting,
    /// A tick.
    Sent,
    /// Two ticks.
    Delivered,
}

impl Icon {
    const fn picture(self) -> Picture {
        match self {
            Self::Message => MESSAGE,
            Self::Walk => WALK,
            Self::Find => FIND,
            Self::Wave => WAVE,
            Self::Block => BLOCK,
            Self::Forget => FORGET,
            Self::More => MORE,
            Self::Search => SEARCH,
            Self::React => REACT,
            Self::People => PEOPLE,
            Self::Settings => SETTINGS,
            Self::Everyone => EVERYONE,
            Self::Nearby => NEARBY,
            Self::Room => ROOM,
            Self::Back => BACK,
            Self::Send => SEND,
            Self::Waiting => WAITING,
            Self::Sent => SENT,
            Self::Delivered => DELIVERED,
        }
    }

    /// The outlines of its squares, those beside one another as one.
    fn path(self) -> String {
        let mut path = String::new();
        for (y, row) in self.picture().into_iter().enumerate() {
            let mut from = 0;
            for run in row.split_inclusive(' ') {
                let width = run.trim_end().len();
                if width > 0 {
                    // Writing to a string never fails.
                    let _ = write!(path, "M{from} {y}h{width}v1h-{width}z");
                }
                from += run.len();
            }
        }
        path
    }

    /// The picture: what the button does is said by its name.
    pub(super) fn show(self) -> impl IntoView {
        view! {
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                <path d=self.path() />
            </svg>
        }
    }
}

const MESSAGE: Picture = [
    "                ",
    "  ############  ",
    " ############## ",
    " ##          ## ",
    " ##          ## ",
    " ##  ######  ## ",
    " ##          ## ",
    " ##  ####    ## ",
    " ##          ## ",
    " ##          ## ",
    " ############## ",
    "  ############  ",
    "   ####         ",
    "   ###          ",
    "   ##           ",
    "                ",
];

const WALK: Picture = [
    "        ###     ",
    "        ###     ",
    "        ###     ",
    "                ",
    "     #####      ",
    "    #######     ",
    "   ## ### ##    ",
    "  ##  ###  ###  ",
    "  #   ###   ##  ",
    "      ####      ",
    "     ######     ",
    "     ##  ##     ",
    "    ##    ##    ",
    "   ##      ##   ",
    "  ##       ###  ",
    "  ##            ",
];

const FIND: Picture = [
    "                ",
    "                ",
    "                ",
    "     ######     ",
    "   ####  ####   ",
    "  ##        ##  ",
    " ##   ####   ## ",
    "##   ######   ##",
    "##   ######   ##",
    " ##   ####   ## ",
    "  ##        ##  ",
    "   ####  ####   ",
    "     ######     ",
    "                ",
    "                ",
    "                ",
];

const WAVE: Picture = [
    "       ##       ",
    "    ## ## ##    ",
    "    ## ## ## ## ",
    "    ## ## ## ## ",
    "    ## ## ## ## ",
    "    ## ## ## ## ",
    "    ########### ",
    " ## ########### ",
    " ############## ",
    "  ############# ",
    "  ############# ",
    "   ############ ",
    "    ##########  ",
    "     #########  ",
    "     ########   ",
    "                ",
];

const BLOCK: Picture = [
    "                ",
    "     ######     ",
    "   ##########   ",
    "  ####    ####  ",
    "  ##      ####  ",
    " ##      ### ## ",
    " ##     ###  ## ",
    " ##    ###   ## ",
    " ##   ###    ## ",
    " ##  ###     ## ",
    " ## ###      ## ",
    "  ####      ##  ",
    "  ####    ####  ",
    "   ##########   ",
    "     ######     ",
    "                ",
];

const FORGET: Picture = [
    "                ",
    "      ####      ",
    "  ############  ",
    "  ############  ",
    "                ",
    "   ##########   ",
    "   ##########   ",
    "   ## #  # ##   ",
    "   ## #  # ##   ",
    "   ## #  # ##   ",
    "   ## #  # ##   ",
    "   ## #  # ##   ",
    "   ##########   ",
    "    ########    ",
    "                ",
    "                ",
];

const MORE: Picture = [
    "                ",
    "                ",
    "                ",
    "                ",
    "                ",
    "  ##        ##  ",
    "  ###      ###  ",
    "   ###    ###   ",
    "    ###  ###    ",
    "     ######     ",
    "      ####      ",
    "       ##       ",
    "                ",
    "                ",
    "                ",
    "                ",
];

const SEARCH: Picture = [
    "                ",
    "    #####       ",
    "   #######      ",
    "  ##     ##     ",
    " ##       ##    ",
    " ##       ##    ",
    " ##       ##    ",
    " ##       ##    ",
    "  ##     ##     ",
    "   #######      ",
    "    ########    ",
    "          ###   ",
    "           ###  ",
    "            ### ",
    "             ## ",
    "                ",
];

const REACT: Picture = [
    "     ######     ",
    "   ##########   ",
    "  ###      ###  ",
    " ##          ## ",
    " ##          ## ",
    "##   ##  ##   ##",
    "##   ##  ##   ##",
    "##   ##  ##   ##",
    "##            ##",
    "##  #      #  ##",
    "##  ##    ##  ##",
    " ##  ######  ## ",
    " ##   ####   ## ",
    "  ###      ###  ",
    "   ##########   ",
    "     ######     ",
];

const EVERYONE: Picture = [
    "                ",
    "      ####      ",
    "     ######     ",
    "     ######     ",
    "     ######     ",
    " ###  ####  ### ",
    "#####      #####",
    "#####      #####",
    "##### #### #####",
    " ### ###### ### ",
    "    ########    ",
    "### ######## ###",
    "### ######## ###",
    "### ######## ###",
    "    ########    ",
    "                ",
];

const NEARBY: Picture = [
    "                ",
    "  ##        ##  ",
    " ##          ## ",
    "##  ##    ##  ##",
    "## ##      ## ##",
    "## ##  ##  ## ##",
    "## ## #### ## ##",
    "## ## #### ## ##",
    "## ##  ##  ## ##",
    "## ##      ## ##",
    "##  ##    ##  ##",
    " ##   ####   ## ",
    "  ## ###### ##  ",
    "    ########    ",
    "    ########    ",
    "                ",
];

const ROOM: Picture = [
    "                ",
    "   ##########   ",
    "   ##########   ",
    "   ##      ##   ",
    "   ##      ##   ",
    "   ##      ##   ",
    "   ##      ##   ",
    "   ##    # ##   ",
    "   ##    # ##   ",
    "   ##      ##   ",
    "   ##      ##   ",
    "   ##      ##   ",
    "   ##      ##   ",
    " ############## ",
    " ############## ",
    "                ",
];

const BACK: Picture = [
    "                ",
    "                ",
    "       ##       ",
    "      ###       ",
    "     ###        ",
    "    ###         ",
    "   ###          ",
    "  ############# ",
    "  ############# ",
    "   ###          ",
    "    ###         ",
    "     ###        ",
    "      ###       ",
    "       ##       ",
    "                ",
    "                ",
];

const SEND: Picture = [
    "                ",
    " ##             ",
    " ####           ",
    " ######         ",
    "  #######       ",
    "  #########     ",
    "   ##########   ",
    "   ############ ",
    "   ############ ",
    "   ##########   ",
    "  #########     ",
    "  #######       ",
    " ######         ",
    " ####           ",
    " ##             ",
    "                ",
];

const WAITING: Picture = [
    "                ",
    "                ",
    "     ######     ",
    "   ##      ##   ",
    "   #   #    #   ",
    "  #    #     #  ",
    "  #    #     #  ",
    "  #    #     #  ",
    "  #    ####  #  ",
    "  #          #  ",
    "  #          #  ",
    "   #        #   ",
    "   ##      ##   ",
    "     ######     ",
    "                ",
    "                ",
];

const SENT: Picture = [
    "                ",
    "                ",
    "                ",
    "            ##  ",
    "           ###  ",
    "          ###   ",
    "         ###    ",
    "  ##    ###     ",
    "  ###  ###      ",
    "   ######       ",
    "    ####        ",
    "     ##         ",
    "                ",
    "                ",
    "                ",
    "                ",
];

const DELIVERED: Picture = [
    "                ",
    "                ",
    "                ",
    "         ##   ##",
    "        ###  ###",
    "       ###  ### ",
    "      ###  ###  ",
    "##   ###  ###   ",
    "### ### #####   ",
    " ##### #####    ",
    "  ### # ###     ",
    "   #     #      ",
    "                ",
    "                ",
    "                ",
    "                ",
];

const PEOPLE: Picture = [
    "                ",
    "    ####        ",
    "   ######   ##  ",
    "   ######  #### ",
    "   ######  #### ",
    "    ####   #### ",
    "            ##  ",
    "  ########      ",
    " ########## ### ",
    " ########## ####",
    " ########## ####",
    " ########## ####",
    " ########## ####",
    " ########## ####",
    "                ",
    "                ",
];

const SETTINGS: Picture = [
    "      ####      ",
    "      ####      ",
    "  ##  ####  ##  ",
    " ############## ",
    "  ############  ",
    "   ###    ###   ",
    " ####      #### ",
    "#####      #####",
    "#####      #####",
    " ####      #### ",
    "   ###    ###   ",
    "  ############  ",
    " ############## ",
    "  ##  ####  ##  ",
    "      ####      ",
    "      ####      ",
];
