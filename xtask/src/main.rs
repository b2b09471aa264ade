//! Everything a person types.
mod packages;
use std::process::Command;
fn main() -> anyhow::Result<()> {
    let all: Vec<&str> = packages::BUILD
        .iter()
        .chain(packages::DESKTOP)
        .copied()
        .collect();
    let missing: Vec<&str> = all.into_iter().filter(|p| !installed(p)).collect();
    if !missing.is_empty() {
        Command::new("apt-get").arg("update").status()?;
        let ok = Command::new("apt-get")
            .args(["install", "-y", "--no-install-recommends"])
            .args(missing)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .status()?;
        anyhow::ensure!(ok.success());
    }
    Ok(())
}
fn installed(p: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f=${Status}", p])
        .output()
        .is_ok_and(|o| o.stdout.starts_with(b"install ok installed"))
}
