//! Addresses that open something for whoever knows them.

/// Pages whose address is a secret: it is told to nobody.
const LINKS: [&str; 4] = ["/confirmations/", "/unlock/", "/recovery/", "/invitations/"];

/// Whether the address is told to nobody, and neither is what stands on its page.
pub(in crate::web) fn is_secret_address(path: &str) -> bool {
    LINKS.iter().any(|link| path.starts_with(link))
}
