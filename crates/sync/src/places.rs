//! Where Campana keeps things on this computer.

use std::ffi::OsString;
use std::path::PathBuf;

use directories::ProjectDirs;

/// The folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The inbox (`CAMPANA_DATA_DIR` overrides).
    pub data: PathBuf,
    /// The settings (`CAMPANA_CONFIG_DIR` overrides).
    pub config: PathBuf,
}

impl Places {
    /// The usual folders of this system and user, or what the environment says.
    ///
    /// # Errors
    /// When the system names no home folder.
    pub fn of_this_user() -> Result<Self, NoHome> {
        let usual = ProjectDirs::from("mx", "", "Campana").map(|usual| Self {
            data: usual.data_local_dir().to_owned(),
            config: usual.config_dir().to_owned(),
        });
        Self::choose(|name| std::env::var_os(name), usual)
    }

    fn choose(
        environment: impl Fn(&str) -> Option<OsString>,
        usual: Option<Self>,
    ) -> Result<Self, NoHome> {
        let named = |name| {
            environment(name)
                .filter(|v| !v.is_empty())
                .map(PathBuf::from)
        };
        let data = named("CAMPANA_DATA_DIR");
        let config = named("CAMPANA_CONFIG_DIR");
        match (data, config, usual) {
            (Some(data), Some(config), _) => Ok(Self { data, config }),
            (data, config, Some(usual)) => Ok(Self {
                data: data.unwrap_or(usual.data),
                config: config.unwrap_or(usual.config),
            }),
            (_, _, None) => Err(NoHome),
        }
    }
}

/// The system names no home folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this user has no home folder; set CAMPANA_DATA_DIR and CAMPANA_CONFIG_DIR")]
pub struct NoHome;

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str) -> Option<OsString> {
        (name == "CAMPANA_DATA_DIR").then(|| "/shop/data".into())
    }

    #[test]
    fn the_environment_overrides_the_usual_folders_one_by_one() {
        let usual = Places {
            data: "/usual/data".into(),
            config: "/usual/config".into(),
        };
        let places = Places::choose(environment, Some(usual));
        assert_eq!(
            places,
            Ok(Places {
                data: "/shop/data".into(),
                config: "/usual/config".into(),
            })
        );
        assert_eq!(Places::choose(environment, None), Err(NoHome));
    }
}
