//! Pictures that are committed and made from the code that they show.

use crate::command::{ALL, cargo, run};

/// Every state of the tray, into `docs/images`, and enlarged into `target/shots`.
///
/// # Errors
/// When it cannot be drawn.
pub fn tray() -> anyhow::Result<()> {
    run(cargo()
        .arg("test")
        .args(ALL)
        .args(["--lib", "--locked", "icon::tests::sheet"])
        .env("CAMPANA_WRITE_SHEET", "1"))?;
    println!("docs/images/tray-states.png\ntarget/shots/tray-states-large.png");
    Ok(())
}
