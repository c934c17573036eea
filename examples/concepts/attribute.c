/* SPDX-License-Identifier: MIT */
/* Attributes of several types, one of them an array. */
#include <spanlink/spanlink.h>
#include <stdio.h>

int main(void) {
    /* [attribute] */
    spanlink_value partitions[2] = {spanlink_value_int(3), spanlink_value_int(7)};
    spanlink_attribute attributes[] = {
        spanlink_attribute_string("messaging.system", "kafka"),
        spanlink_attribute_string("messaging.destination.name", "orders"),
        spanlink_attribute_int("messaging.kafka.offset", 1234),
        spanlink_attribute_bool("messaging.kafka.message.tombstone", true),
        spanlink_attribute_array("partitions", partitions, 2),
    };
    /* [attribute] */
    spanlink_value same = spanlink_value_array(partitions, 2);
    printf("equal: %d\n", spanlink_value_equal(&attributes[4].value, &same));
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        printf("%.*s is of type %u\n", (int)attributes[i].key.len, attributes[i].key.ptr,
               (unsigned)attributes[i].value.type);
    }
    return 0;
}

/* Prints:
 * equal: 1
 * messaging.system is of type 1
 * messaging.destination.name is of type 1
 * messaging.kafka.offset is of type 3
 * messaging.kafka.message.tombstone is of type 2
 * partitions is of type 6
 */
