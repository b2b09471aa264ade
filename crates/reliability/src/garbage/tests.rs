use std::collections::HashSet;

use super::*;

#[test]
fn there_are_at_least_32_kinds_at_each_layer_and_no_two_have_one_name() {
    let names = |kinds: Vec<SocketGarbage>| kinds.iter().map(|kind| kind.name).collect::<Vec<_>>();
    for names in [names(engine_io()), names(socket_io())] {
        let different: HashSet<_> = names.iter().collect();
        assert_eq!(different.len(), names.len());
        assert!(names.len() >= 32, "{}", names.len());
    }
    assert!(http().len() >= 20);
}

#[test]
fn frames_have_the_length_of_their_payload_in_each_of_its_forms() {
    assert_eq!(frame(0x81, b"2"), [0x81, 1, b'2']);
    assert_eq!(frame(0x81, &[0; 126])[..4], [0x81, 126, 0, 126]);
    assert_eq!(
        frame(0x81, &[0; 65_536])[..10],
        [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]
    );
}
