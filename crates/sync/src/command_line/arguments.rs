//! What can be typed.

use std::path::PathBuf;

use campana_sync::catalogue::Catalogue;
use campana_sync::configuration::ProfileChoice;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

#[derive(Debug, Parser)]
#[command(name = "campana-sync", version)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Watch(Watch),
    Pull(Server),
    Inbox(Inbox),
    Doctor(Doctor),
    Activity(Activity),
}

#[derive(Debug, Args)]
pub(super) struct Activity {
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(super) limit: usize,
    #[arg(long, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    #[command(flatten)]
    pub(super) form: Form,
}

#[derive(Debug, Args)]
// It confirms nothing in any case.
#[command(mut_arg("confirm", |confirm| confirm.hide(true)))]
pub(super) struct Doctor {
    #[command(flatten)]
    pub(super) server: Server,
    #[command(flatten)]
    pub(super) form: Form,
}

#[derive(Debug, Args)]
pub(super) struct Watch {
    #[command(flatten)]
    pub(super) server: Server,
    #[command(flatten)]
    pub(super) form: Form,
}

/// Which backend, and where the orders go.
#[derive(Debug, Args)]
pub(super) struct Server {
    #[arg(long, value_name = "URL")]
    pub(super) backend_url: Option<String>,
    #[arg(long, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(super) certificate_authority: Option<PathBuf>,
    #[arg(long, value_name = "PROFILE", value_parser = profile())]
    pub(super) profile: Option<ProfileChoice>,
    #[arg(long, value_enum)]
    pub(super) confirm: Option<Switch>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Switch {
    On,
    Off,
}

#[derive(Debug, Args)]
pub(super) struct Form {
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Inbox {
    #[command(subcommand)]
    pub(super) command: InboxCommand,
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum InboxCommand {
    List(Form),
    SetAside(Form),
    Seen(Seen),
    Check,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Seen {
    #[arg(value_name = "ID")]
    pub(super) id: Option<String>,
    #[arg(long)]
    pub(super) all: bool,
}

fn profile() -> impl TypedValueParser<Value = ProfileChoice> {
    PossibleValuesParser::new(ProfileChoice::NAMES).try_map(|name| name.parse::<ProfileChoice>())
}

/// The command with its explanations in the catalogue's language.
pub(super) fn command(catalogue: &Catalogue) -> clap::Command {
    explain(Arguments::command(), "cli-help", catalogue)
}

/// Fills in the explanation of a command under its key, of its arguments, and of what is below it.
fn explain(command: clap::Command, key: &str, catalogue: &Catalogue) -> clap::Command {
    let arguments: Vec<String> = command
        .get_arguments()
        .map(|argument| argument.get_id().to_string())
        .filter(|id| id != "help" && id != "version")
        .collect();
    let below: Vec<String> = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    let mut command = command.about(catalogue.text(key));
    for id in arguments {
        let help = catalogue.text(&format!("cli-option-{}", id.replace('_', "-")));
        command = command.mut_arg(id, |argument| argument.help(help));
    }
    for name in below {
        let key = format!("{key}-{name}");
        command = command.mut_subcommand(name, |command| explain(command, &key, catalogue));
    }
    command
}

#[cfg(test)]
mod tests {
    use campana_sync::catalogue::Language;

    use super::*;

    #[test]
    fn every_command_and_option_is_explained_in_both_languages() {
        for language in [Language::Es, Language::En] {
            let mut command = command(&Catalogue::new(language));
            command.build();
            check(&command);
        }
    }

    fn check(command: &clap::Command) {
        if command.get_name() == "help" {
            return;
        }
        let about = command.get_about().map(ToString::to_string);
        assert!(about.is_some_and(|about| !about.starts_with("cli-")));
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string);
            assert!(help.is_some_and(|help| !help.starts_with("cli-")));
        }
        command.get_subcommands().for_each(check);
    }
}
