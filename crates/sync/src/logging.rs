//! What may be logged.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::Directive;

/// Campana's own crates begin with this.
const OWN: &str = "campana";

/// What `CAMPANA_LOG` asks for (`default` without it) of Campana's own lines. Libraries never say more than `info`,
/// whatever it asks for: at their most talkative they log whole frames and headers, with the key among them.
pub fn filter(default: LevelFilter) -> EnvFilter {
    of(&std::env::var("CAMPANA_LOG").unwrap_or_default(), default)
}

fn of(wish: &str, default: LevelFilter) -> EnvFilter {
    let directives = || {
        let directives = wish.split(',').map(str::trim);
        directives.filter(|directive| !directive.is_empty())
    };
    let everything: Option<LevelFilter> = directives()
        .filter_map(|directive| directive.parse().ok())
        .next_back();
    let libraries = everything.map_or(LevelFilter::WARN, |level| level.min(LevelFilter::INFO));
    let own = everything.unwrap_or(default);
    let own = format!("{OWN}={own}").parse::<Directive>().ok();
    let named = directives()
        .filter(|directive| directive.starts_with(OWN))
        .filter_map(|directive| directive.parse().ok());
    own.into_iter().chain(named).fold(
        EnvFilter::default().add_directive(libraries.into()),
        EnvFilter::add_directive,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(wish: &str) -> String {
        of(wish, LevelFilter::INFO).to_string()
    }

    #[test]
    fn nothing_makes_a_library_log_whole_frames() {
        for wish in [
            "trace",
            "tungstenite=trace,debug",
            "tungstenite::protocol=trace,info",
            "hyper[x]=trace,debug",
            "[span]=trace,debug",
        ] {
            let filter = of(wish, LevelFilter::WARN);
            let directives: Vec<String> = filter
                .to_string()
                .split(',')
                .filter(|directive| !directive.starts_with(OWN))
                .map(str::to_owned)
                .collect();
            assert_eq!(directives, ["info"], "{wish}: {filter}");
        }
    }

    #[test]
    fn a_wish_is_for_what_is_campanas_own() {
        assert!(shown("trace").contains("campana=trace"));
        let one = shown("campana_app=debug");
        assert!(
            one.contains("campana_app=debug") && one.contains("campana=info"),
            "{one}"
        );
        assert!(shown("off").contains("campana=off"));
    }

    #[test]
    fn a_wish_that_cannot_be_read_is_no_wish() {
        for wish in ["=,=!", "", "campana=loud"] {
            let filter = shown(wish);
            assert!(
                filter.contains("campana=info") && filter.contains("warn"),
                "{filter}"
            );
        }
    }
}
