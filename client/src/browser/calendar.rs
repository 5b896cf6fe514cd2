//! Times as the person's language says them.

use js_sys::{Array, Intl, Object, Reflect};

use crate::{
    view::{Ago, Unit},
    words::language,
};

/// So long ago, in words: "5 minutes ago", "yesterday".
pub(crate) fn said(ago: Ago) -> String {
    let unit = match ago.unit {
        Unit::Second => "second",
        Unit::Minute => "minute",
        Unit::Hour => "hour",
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Year => "year",
    };
    let options = Object::new();
    // The object is new, so nothing is in the way.
    let _ = Reflect::set(&options, &"numeric".into(), &"auto".into());
    let format = Intl::RelativeTimeFormat::new(&Array::of1(&language().code().into()), &options);
    format.format(-f64::from(ago.count), unit).into()
}
