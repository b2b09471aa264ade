//! `campana-sync`: the engine on the command line.

mod command_line;

use std::process::ExitCode;

fn main() -> ExitCode {
    command_line::main()
}
