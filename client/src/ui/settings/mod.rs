//! What one can change: oneself ([`you`], [`look`]), sound and picture of calls ([`calls`], with a [`trial`] of the
//! devices), the page ([`language`], [`preference`]), and who one is at all ([`identity`]). [`held`] is what outlives the
//! elements. Later sections go where they belong below.

mod calls;
mod held;
mod identity;
mod language;
mod look;
mod preference;
mod trial;
mod you;

use leptos::prelude::*;

pub(super) use self::{held::Held, preference::has_letters};
use super::{Panel, Panels};
use crate::words::words;

const TITLE: &str = "settings-title";

/// All settings, a section each.
#[component]
pub(super) fn Settings(panels: Panels) -> impl IntoView {
    panels.focus_when_opened(Panel::Settings, TITLE);
    view! {
        <Show when=move || panels.is_open(Panel::Settings)>
            <aside
                class="panel"
                id="settings-panel"
                aria-labelledby=TITLE
                on:keydown=move |event| if event.key() == "Escape" { panels.close() }
            >
                <header>
                    <h2 id=TITLE tabindex="-1">{words().settings}</h2>
                    <button type="button" class="close" aria-label=words().close on:click=move |_| panels.close()>
                        "✕"
                    </button>
                </header>
                <div class="settings">
                    {identity::shared_computer()}
                    {section("settings-you", words().settings_you, (you::you(panels), look::look(panels)))}
                    {section("settings-calls", words().settings_calls, calls::calls(panels))}
                    {section("settings-language", words().settings_language, language::language())}
                    {section("settings-sounds", words().settings_sounds, (preference::sounds(), calls::arrivals(panels)))}
                    {section("settings-keys", words().settings_keys, preference::letters())}
                    {section("settings-identity", words().settings_identity, identity::identity(panels))}
                </div>
            </aside>
        </Show>
    }
}

/// A section under its heading.
fn section(id: &'static str, heading: &'static str, inside: impl IntoView) -> impl IntoView {
    view! {
        <section aria-labelledby=id>
            <h3 id=id>{heading}</h3>
            {inside}
        </section>
    }
}
