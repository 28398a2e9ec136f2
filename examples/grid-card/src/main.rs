//! The product with one factor more. `cargo run -p grid-card -- --help` is `vestibule --help`.

fn main() -> std::process::ExitCode {
    vestibule::run_with(std::env::args_os(), grid_card::extras())
}
