//! Days and times as the person's browser writes them.

use std::{cell::RefCell, collections::HashMap, ops::Range};

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use super::page;
use crate::words::{Language, language, words};

/// What is written of a moment.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    /// 14:05
    Time,
    /// Monday 23 November
    Day,
    /// 23 Nov
    ShortDay,
    /// 23 November 2025
    DayOfYear,
    /// 23 November 2025 at 14:05
    Whole,
}

thread_local! {
    /// Making one takes a hundred times as long as using it.
    static FORMATS: RefCell<HashMap<(Language, Form), Function>> = RefCell::default();
}

/// The time of day.
pub(crate) fn time(ms: u64) -> String {
    write(ms, Form::Time)
}

/// Day and time.
pub(crate) fn whole(ms: u64) -> String {
    write(ms, Form::Whole)
}

/// The day, as a heading.
pub(crate) fn day(ms: u64) -> String {
    let now = now();
    match days_ago(ms, now) {
        Some(0) => words().today.to_owned(),
        Some(1) => words().yesterday.to_owned(),
        _ if year(ms) == year(now) => write(ms, Form::Day),
        _ => write(ms, Form::DayOfYear),
    }
}

/// As little as says when: the time if that was today, else the day.
pub(crate) fn brief(ms: u64) -> String {
    match days_ago(ms, now()) {
        Some(0) => time(ms),
        Some(1) => words().yesterday.to_owned(),
        _ => write(ms, Form::ShortDay),
    }
}

/// For programs: `2026-11-23T13:05:00.000Z`.
pub(crate) fn for_programs(ms: u64) -> String {
    let date = date(ms);
    // A moment beyond all calendars has no such form.
    if date.get_time().is_nan() { String::new() } else { date.to_iso_string().into() }
}

/// The day around a moment where the browser is, from midnight to midnight.
pub(crate) fn local_day(ms: u64) -> Range<u64> {
    let date = date(ms);
    let (year, month, day) = (date.get_full_year(), date.get_month().cast_signed(), date.get_date().cast_signed());
    let midnight = |day: i32| Date::new_with_year_month_day(year, month, day).get_time() as u64;
    midnight(day)..midnight(day + 1).max(ms.saturating_add(1))
}

fn now() -> u64 {
    Date::now() as u64
}

fn date(ms: u64) -> Date {
    Date::new(&JsValue::from_f64(ms as f64))
}

fn year(ms: u64) -> u32 {
    date(ms).get_full_year()
}

/// Calendar days between two moments; none if the first is later.
fn days_ago(ms: u64, now: u64) -> Option<u64> {
    let today = local_day(now);
    if today.contains(&ms) {
        return Some(0);
    }
    // The day before begins some hours before midnight, whatever was done to the clocks.
    let yesterday = local_day(today.start.saturating_sub(1));
    yesterday.contains(&ms).then_some(1)
}

fn write(ms: u64, form: Form) -> String {
    let language = language();
    let format = FORMATS
        .with_borrow_mut(|formats| formats.entry((language, form)).or_insert_with(|| make(language, form)).clone());
    let written = format.call1(&JsValue::UNDEFINED, &date(ms));
    written.ok().and_then(|written| written.as_string()).unwrap_or_default()
}

fn make(language: Language, form: Form) -> Function {
    let parts: &[(&str, &str)] = match form {
        Form::Time => &[("timeStyle", "short")],
        Form::Day => &[("weekday", "long"), ("day", "numeric"), ("month", "long")],
        Form::ShortDay => &[("day", "numeric"), ("month", "short")],
        Form::DayOfYear => &[("dateStyle", "long")],
        Form::Whole => &[("dateStyle", "long"), ("timeStyle", "short")],
    };
    let options = Object::new();
    for (part, how) in parts {
        // The object is new, so nothing is in the way.
        let _ = Reflect::set(&options, &(*part).into(), &(*how).into());
    }
    Intl::DateTimeFormat::new(&Array::of1(&locale(language).into()), &options).format()
}

/// The kind of that language the person asked their browser for: in London it is 14:05, in Chicago 2:05 PM.
fn locale(language: Language) -> String {
    let wanted = page::window().navigator().languages();
    let wanted = wanted.iter().filter_map(|tag| tag.as_string());
    wanted.into_iter().find(|tag| Language::of_tag(tag) == Some(language)).unwrap_or_else(|| language.code().to_owned())
}
