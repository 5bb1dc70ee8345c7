//! The steps of a registration, as a grid.

use kabinet::access::registration::status::{RegistrationEvent, RegistrationStep};

#[test]
fn the_whole_grid() {
    let grid: Vec<String> = RegistrationStep::ALL
        .iter()
        .flat_map(|step| RegistrationEvent::ALL.iter().map(move |event| (step, event)))
        .filter_map(|(step, event)| {
            step.after(*event).map(|next| format!("{step:?} --{event:?}--> {next:?}"))
        })
        .collect();
    assert_eq!(
        grid,
        [
            "Code --CodeMatched--> Privacy",
            "Privacy --Agreed--> Version",
            "Version --VersionChosen--> Password",
            "Password --AccountMade--> Done",
        ]
    );
}
