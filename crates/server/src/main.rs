//! The `vestibule` program. What it does is in the library, so that tests can start servers in their own process.

fn main() -> std::process::ExitCode {
    vestibule::run(std::env::args_os())
}
