//! The Debian packages that building and testing need, and nothing that they do not.

/// What the compiler and linker need for the app.
pub const BUILD: &[&str] = &[
    "libwebkit2gtk-4.1-dev",
    "librsvg2-dev",
    "libdbus-1-dev",
    "libasound2-dev",
    "libssl-dev",
    "pkg-config",
    // For libFuzzer.
    "g++",
];

/// What the tests on full, read-only and broken disks need.
pub const DISKS: &[&str] = &["mount", "e2fsprogs"];
/// What counts the calls of a program.
pub const COUNTS: &[&str] = &["strace"];
/// What the faults need: a name that resolves or does not, for one program alone; a cable to pull.
pub const FAULTS: &[&str] = &["libnss-wrapper", "iproute2"];

/// What records the alarm as a loudspeaker would hear it: a sound server without a sound card.
pub const SOUND: &[&str] = &["pulseaudio", "pulseaudio-utils", "libasound2-plugins"];
/// What several processes of the backend share, for their tests and for the load. Nothing of it has to run: the tests
/// start their own, on free ports and in temporary folders.
pub const DATABASES: &[&str] = &["redis-server", "postgresql", "util-linux"];

/// What makes the packages that a shop installs, reads them, and installs them into a clean system.
pub const PACKAGES: &[&str] = &[
    "dpkg-dev",
    "binutils",
    "rpm",
    "debootstrap",
    "appstream",
    "desktop-file-utils",
];

/// What the virtual desktop of the tests and of the demo needs.
pub const DESKTOP: &[&str] = &[
    "xvfb",
    "webkit2gtk-driver",
    "dbus",
    "dbus-x11",
    "gnome-keyring",
    "libsecret-tools",
    "dunst",
    "libnotify-bin",
    "libglib2.0-bin",
    "xfce4-panel",
    "imagemagick",
    "scrot",
    "openbox",
    "xdotool",
    "wmctrl",
    "x11-utils",
    "python3-dbusmock",
    "python3-gi",
    "xfonts-base",
    "fonts-dejavu-core",
    "adwaita-icon-theme",
    // The browser without its user interface: less than half of the work for each page.
    "chromium-headless-shell",
];

/// What compiles for Windows and macOS, and runs programs of Windows.
pub const OTHER_SYSTEMS: &[&str] = &[
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-clippy",
    "gcc-mingw-w64-x86-64-win32",
    "wine64",
];
