//! What a program is linked with, in the words of the two kinds of package.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

use crate::command::{output, program, target};

/// The Debian packages, with the least versions, that this program needs, as Debian's own packages would say it.
///
/// # Errors
/// When a library belongs to no package.
pub fn debian_packages(binary: &Path) -> anyhow::Result<Vec<String>> {
    // It works only beside the description of a source package.
    let source = target().join("package/source");
    fs::create_dir_all(source.join("debian")).context("debian")?;
    let control = "Source: campana\n\nPackage: campana\nArchitecture: any\n";
    fs::write(source.join("debian/control"), control).context("debian/control")?;
    let binary = fs::canonicalize(binary).with_context(|| binary.display().to_string())?;
    let told = output(
        program("dpkg-shlibdeps")
            .current_dir(&source)
            .args(["-O", "--warnings=0"])
            .arg(format!("-e{}", binary.display())),
    )?;
    let packages = told
        .trim()
        .strip_prefix("shlibs:Depends=")
        .with_context(|| format!("dpkg-shlibdeps says {told}"))?;
    Ok(packages.split(", ").map(str::to_owned).collect())
}

/// The libraries that this program needs, with the marks of their versions, as rpm finds them in programs and
/// libraries: every distribution has the same words for them.
///
/// # Errors
/// When the program cannot be read.
pub fn rpm_capabilities(binary: &Path) -> anyhow::Result<Vec<String>> {
    let told = output(program("objdump").arg("-p").arg(binary))?;
    Ok(capabilities(&told).into_iter().collect())
}

fn capabilities(told: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut library = None;
    for line in told.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["NEEDED", name] => {
                all.insert(format!("{name}()(64bit)"));
            }
            ["required", "from", name] => library = name.strip_suffix(':'),
            [hash, _, _, version] if hash.starts_with("0x") => {
                if let Some(library) = library {
                    all.insert(format!("{library}({version})(64bit)"));
                }
            }
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::capabilities;

    #[test]
    fn libraries_and_the_marks_of_their_versions_are_named() {
        let told = "
Dynamic Section:
  NEEDED               libasound.so.2
  NEEDED               libc.so.6
  SONAME               none

Version References:
  required from libc.so.6:
    0x09691a75 0x00 03 GLIBC_2.2.5
    0x069691b4 0x00 02 GLIBC_2.34
";
        let expected = [
            "libasound.so.2()(64bit)",
            "libc.so.6()(64bit)",
            "libc.so.6(GLIBC_2.2.5)(64bit)",
            "libc.so.6(GLIBC_2.34)(64bit)",
        ];
        assert_eq!(Vec::from_iter(capabilities(told)), expected);
    }
}
