//! The program itself, for tests that run it as an operator does.

fn main() -> std::process::ExitCode {
    vestibule::run(std::env::args_os())
}
