//! The product with one factor more. `cargo run -p grid-card -- --help` is `vestibule --help`.

fn main() -> Result<std::process::ExitCode, vestibule_mfa::RegistryError> {
    Ok(vestibule::run_with(std::env::args_os(), grid_card::extras()?))
}
