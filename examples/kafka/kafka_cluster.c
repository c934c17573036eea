/* SPDX-License-Identifier: MIT */
/*
 * Runs librdkafka's mock cluster on 127.0.0.1, to test kafka_consumer without a broker. Prints its
 * address, and runs until SIGTERM or SIGINT.
 */
#include <librdkafka/rdkafka.h>

#include <librdkafka/rdkafka_mock.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    char reason[200];
    sigset_t ends;
    int signal;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* inherited by the threads of librdkafka */
    rd_kafka_conf_t *settings = rd_kafka_conf_new();
    rd_kafka_conf_set(settings, "log_level", "3", reason, sizeof reason); /* only errors */
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, settings, reason, sizeof reason);
    rd_kafka_mock_cluster_t *cluster = client != NULL ? rd_kafka_mock_cluster_new(client, 1) : NULL;
    if (cluster == NULL) {
        fputs("kafka_cluster: the cluster did not start\n", stderr);
        return EXIT_FAILURE;
    }
    puts(rd_kafka_mock_cluster_bootstraps(cluster));
    fflush(stdout);
    sigwait(&ends, &signal);
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(client);
    return EXIT_SUCCESS;
}
