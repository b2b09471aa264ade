//! What Campana says to people: one catalogue for each language, shared with the windows (`locales/`).

#[cfg(test)]
mod tests;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

/// A language that Campana speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(export_to = "../../../ui/src/backend/bindings.ts")
)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Spanish of Mexico; the first.
    Es,
    /// English.
    En,
}

impl Language {
    /// `es` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }

    /// The chosen one, else `CAMPANA_LANG`, else the system's; Spanish where that is neither.
    pub fn choose(setting: Option<Self>) -> Self {
        setting.unwrap_or_else(|| {
            let wishes = [std::env::var("CAMPANA_LANG").ok(), sys_locale::get_locale()];
            Self::of_tags(wishes.iter().flatten().map(String::as_str))
        })
    }

    /// The first language of these tags (`en-US`, `es_MX.UTF-8`) that Campana speaks, else Spanish.
    fn of_tags<'a>(tags: impl Iterator<Item = &'a str>) -> Self {
        let known = |tag: &str| match tag.get(..2)?.to_ascii_lowercase().as_str() {
            "es" => Some(Self::Es),
            "en" => Some(Self::En),
            _ => None,
        };
        tags.filter(|tag| !tag.is_empty())
            .find_map(known)
            .unwrap_or(Self::Es)
    }

    fn source(self) -> &'static str {
        match self {
            Self::Es => include_str!("../../../../locales/es.ftl"),
            Self::En => include_str!("../../../../locales/en.ftl"),
        }
    }

    fn identifier(self) -> LanguageIdentifier {
        let tag = match self {
            Self::Es => "es-MX",
            Self::En => "en",
        };
        // Without it numbers would be written in no language's way; the tags above are well formed.
        tag.parse().unwrap_or_default()
    }
}

/// A value for a text's variable.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Argument<'a> {
    Text(&'a str),
    Number(i64),
}

/// The texts of one language.
pub struct Catalogue {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Catalogue {
    /// The texts of this language; both catalogues are built in.
    pub fn new(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // The marks that isolate a variable's direction are squares in menus and terminals, and both
        // languages run the same way.
        bundle.set_use_isolating(false);
        // What cannot be read is left out; the tests see to it that there is none.
        let resource = FluentResource::try_new(language.source().to_owned())
            .unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        Self { language, bundle }
    }

    /// Its language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text under this key. A key that does not exist gives the key itself.
    pub fn text(&self, key: &str) -> String {
        self.text_with(key, &[])
    }

    /// The text under this key with its variables filled in.
    pub fn text_with(&self, key: &str, arguments: &[(&str, Argument<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            tracing::error!(key, "no such text");
            return key.to_owned();
        };
        let mut values = FluentArgs::new();
        for (name, value) in arguments {
            let value: FluentValue<'_> = match value {
                Argument::Text(text) => (*text).into(),
                Argument::Number(number) => (*number).into(),
            };
            values.set(*name, value);
        }
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(&values), &mut errors);
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "a text lacks a variable");
        }
        text.into_owned()
    }
}
