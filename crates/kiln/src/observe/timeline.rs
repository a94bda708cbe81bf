//! The timeline of a start, logged once it is over: when each resource began to open, and when it was open.

use crate::lifespan::Resource;

/// Logs the timeline.
pub(crate) fn log(resources: &[Resource]) {
    let (total, timeline) = timeline(resources);
    tracing::info!(timeline, "started in {total} ms");
}

/// Resources open one after the other, so each begins where the one before it ended.
fn timeline(resources: &[Resource]) -> (u64, String) {
    let mut at = 0;
    let mut stretches = Vec::new();
    for Resource { name, opened_in_ms, .. } in resources {
        let end = at + opened_in_ms.unwrap_or_default();
        stretches.push(format!("{name} {at}–{end} ms"));
        at = end;
    }
    (at, stretches.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifespan::ResourceState;

    #[test]
    fn each_resource_starts_at_the_end_of_the_previous_one() {
        let resource = |name: &str, opened_in_ms| Resource {
            name: name.to_owned(),
            state: ResourceState::Open,
            restarts: 0,
            opened_in_ms,
        };
        let resources = [resource("assets", Some(3)), resource("task", None), resource("database", Some(40))];
        let (total, text) = timeline(&resources);
        assert_eq!((total, &*text), (43, "assets 0–3 ms, task 3–3 ms, database 3–43 ms"));
    }
}
