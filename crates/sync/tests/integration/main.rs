//! The engine from outside: its program, its connections to real servers, the keyring, a panic. One program, since
//! each would link the whole engine; what counts the threads of its process is a program of its own.

mod another_shop;
mod command_line;
mod crash;
mod keyring;
mod link;
mod link_ends;
mod link_tls;
mod support;
