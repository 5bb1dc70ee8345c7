//! The first page of whoever is signed in: what there is of everything, and where it leads.

pub mod pages;
