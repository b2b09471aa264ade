//! What may be logged.

use tracing_subscriber::EnvFilter;

/// Libraries that log whole frames and headers at their most talkative: the key would be among them.
const TALKATIVE: [&str; 10] = [
    "engineioxide",
    "h2",
    "hyper",
    "hyper_util",
    "reqwest",
    "rust_engineio",
    "rust_socketio",
    "socketioxide",
    "tokio_tungstenite",
    "tungstenite",
];

/// What `CAMPANA_LOG` asks for (`warn` without it), with the talkative libraries held at `info` whatever it says.
pub fn filter() -> EnvFilter {
    of(&std::env::var("CAMPANA_LOG").unwrap_or_default())
}

fn of(wish: &str) -> EnvFilter {
    let wish: Vec<&str> = wish
        .split(',')
        .map(str::trim)
        .filter(|directive| !TALKATIVE.iter().any(|name| directive.starts_with(name)))
        .collect();
    let wish = match wish.join(",") {
        wish if wish.is_empty() => "warn".to_owned(),
        wish => wish,
    };
    let filter = EnvFilter::try_new(&wish).unwrap_or_else(|_| EnvFilter::new("warn"));
    let quiet = |name: &&str| format!("{name}=info").parse().ok();
    TALKATIVE
        .iter()
        .filter_map(quiet)
        .fold(filter, EnvFilter::add_directive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_makes_the_libraries_log_whole_frames() {
        for wish in [
            "trace",
            "tungstenite=trace,debug",
            "tungstenite::protocol=trace",
            "hyper[x]=trace",
        ] {
            let filter = of(wish).to_string();
            assert!(
                filter.contains("tungstenite=info") && filter.contains("hyper=info"),
                "{filter}"
            );
            assert!(
                !filter.contains("tungstenite=trace") && !filter.contains("::"),
                "{filter}"
            );
            assert!(!filter.contains("hyper[x]"), "{filter}");
        }
    }

    #[test]
    fn a_wish_that_cannot_be_read_is_no_wish() {
        assert!(of("=,=!").to_string().contains("warn"));
        assert!(of("").to_string().contains("warn"));
    }
}
