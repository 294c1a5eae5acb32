// SPDX-License-Identifier: GPL-2.0
/* A command run to its end, its output gathered. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"
#include "interrupt.h"

/* What came out of one pipe. */
struct stream {
	int	fd;
	char	*data;
	size_t	used, size;
};

static int stream_grow(struct stream *stream)
{
	size_t size = stream->size ? stream->size * 2 : 4096;
	char *data = realloc(stream->data, size);

	if (!data)
		return -1;
	stream->data = data;
	stream->size = size;
	return 0;
}

/* Read what is there; the descriptor is closed at its end. */
static void stream_read(struct stream *stream)
{
	ssize_t n;

	if (stream->used + 1 >= stream->size && stream_grow(stream)) {
		n = 0;
	} else {
		n = read(stream->fd, stream->data + stream->used,
			 stream->size - stream->used - 1);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			return;
	}
	if (n > 0) {
		stream->used += (size_t)n;
		return;
	}
	close(stream->fd);
	stream->fd = -1;
}

static char *stream_text(struct stream *stream)
{
	if (!stream->data)
		return calloc(1, 1);
	stream->data[stream->used] = '\0';
	return stream->data;
}

/* Until both pipes are at their end. Return: 0, or -1 when time is up or we are interrupted. */
static int gather(struct stream streams[2], const struct kb_command *command)
{
	double now = kb_now();
	double end = now + command->timeout;
	double tick = now + 1;

	while (streams[0].fd >= 0 || streams[1].fd >= 0) {
		struct pollfd fds[2] = {
			{ .fd = streams[0].fd, .events = POLLIN },
			{ .fd = streams[1].fd, .events = POLLIN },
		};

		poll(fds, 2, 100);
		for (int i = 0; i < 2; i++)
			if (streams[i].fd >= 0 && fds[i].revents)
				stream_read(&streams[i]);
		now = kb_now();
		if (kb_interrupted || now > end)
			return -1;
		if (command->tick && now >= tick) {
			command->tick(command->ctx);
			tick = now + 1;
		}
	}
	return 0;
}

static int finish(struct kb_process *process, const struct kb_command *command, int gathered,
		  struct kb_error *err)
{
	if (!gathered && kb_process_wait(process, 10)) {
		if (WIFSIGNALED(process->status))
			return 128 + WTERMSIG(process->status);
		return WEXITSTATUS(process->status);
	}
	kb_process_stop(process, command->grace > 0 ? command->grace : 2);
	if (kb_interrupted)
		return kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted");
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s did not end within %.0f s",
		       command->argv[0], command->timeout);
}

/* A file without a name that holds the input: no writer can hang. Return: -1: there is none */
static int input_file(const struct kb_command *command)
{
	int fd = command->input ? memfd_create("kbench-input", MFD_CLOEXEC) : -1;
	size_t done = 0;

	while (fd >= 0 && done < command->input_length) {
		ssize_t n = write(fd, command->input + done, command->input_length - done);

		if (n < 0) {
			close(fd);
			return -1;
		}
		done += (size_t)n;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

int kb_command_run(struct kb_command *command, struct kb_error *err)
{
	struct stream streams[2] = { { .fd = -1 }, { .fd = -1 } };
	struct kb_spawn spawn = {
		.argv = command->argv,
		.environment = command->environment,
		.directory = command->directory,
		.in = input_file(command),
		.death_signal = SIGTERM,
	};
	struct kb_process process = { 0 };
	int out[2] = { -1, -1 };
	int errors[2] = { -1, -1 };
	int ret = -1;

	if ((command->input && spawn.in < 0) || pipe2(out, O_CLOEXEC) ||
	    (!command->merge && pipe2(errors, O_CLOEXEC))) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot make a pipe: %s", strerror(errno));
	} else {
		spawn.out = command->sink ? fileno(command->sink) : out[1];
		spawn.err = command->merge ? out[1] : errors[1];
		ret = kb_process_start(&process, &spawn, err);
	}
	if (spawn.in >= 0)
		close(spawn.in);
	if (out[1] >= 0)
		close(out[1]);
	if (errors[1] >= 0)
		close(errors[1]);
	streams[0].fd = out[0];
	streams[1].fd = errors[0];
	if (!ret)
		ret = finish(&process, command, gather(streams, command), err);
	for (int i = 0; i < 2; i++)
		if (streams[i].fd >= 0)
			close(streams[i].fd);
	command->output = stream_text(&streams[0]);
	command->length = streams[0].used;
	command->errors = command->merge ? NULL : stream_text(&streams[1]);
	if (!command->output || (!command->merge && !command->errors))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	return ret;
}

void kb_command_free(struct kb_command *command)
{
	free(command->output);
	free(command->errors);
	command->output = NULL;
	command->errors = NULL;
}
