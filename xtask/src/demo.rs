//! Shows the app with sample orders.

use crate::command::{cargo, npm, program, run, target, top};
use crate::setup;

/// Builds the app and shows it; without a display, on a virtual one.
///
/// # Errors
/// When something cannot be built or started.
pub fn show() -> anyhow::Result<()> {
    setup::run()?;
    run(npm("ui").args(["run", "build"]))?;
    run(cargo().args([
        "build",
        "--package",
        "campana",
        "--features",
        "custom-protocol",
    ]))?;
    let app = target().join("debug/campana");
    if ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|set| !set.is_empty()))
    {
        println!("Campana is in the tray; end it there with Salir, or here with Ctrl+C.");
        return run(program(app).arg("--demo"));
    }
    println!("There is no display here: showing Campana on a virtual one for about half a minute.");
    run(program(top().join("tests/desktop/virtual-desktop"))
        .args(["node", "tests/desktop/demo-shots.mjs"])
        .env("CAMPANA_TARGET", target().join("debug"))
        .env("NOTIFICATIONS", "dunst"))
}
