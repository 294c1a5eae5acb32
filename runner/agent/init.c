// SPDX-License-Identifier: GPL-2.0
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "sysfile.h"

#define CONSOLE		"/dev/console"
#define PORT_OPTION	"kbench.port="

/* klogctl()'s command, and console log levels: messages below the number are shown. */
#define SYSLOG_ACTION_CONSOLE_LEVEL	8
#define LEVEL_SHARED	1	/* a panic still shows: the kernel raises the level itself */
#define LEVEL_OWN	4	/* errors: they are the last lines that the runner shows */

#define DRAIN_STEPS	5000
#define DRAIN_STEP_NS	1000000L

static void mount_one(const char *type, const char *where)
{
	mkdir(where, 0755);
	/* A mount that fails (busy: the kernel did it already) shows when its files are read. */
	if (mount(type, where, type, 0, NULL))
		errno = 0;
}

static void open_console(void)
{
	int fd = open(CONSOLE, O_RDWR | O_NOCTTY);

	if (fd < 0)
		fd = open("/dev/null", O_RDWR);
	for (int i = 0; i <= 2 && fd >= 0; i++)
		if (fd != i && fcntl(i, F_GETFD) < 0)
			dup2(fd, i);
	if (fd > 2)
		close(fd);
}

void init_begin(void)
{
	mount_one("proc", "/proc");
	mount_one("sysfs", "/sys");
	mount_one("devtmpfs", "/dev");
	mount_one("securityfs", "/sys/kernel/security");
	open_console();
}

static void make_raw(int fd)
{
	struct termios settings;

	if (tcgetattr(fd, &settings))
		return;
	cfmakeraw(&settings);
	settings.c_cflag |= CLOCAL;
	settings.c_cflag &= ~(tcflag_t)CRTSCTS;
	tcsetattr(fd, TCSANOW, &settings);
}

int open_port(const char *path)
{
	/* Without blocking: a port that takes no more is waited for in one place, with a limit. */
	int fd = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -1;
	/* A serial port without hardware behind it opens, but takes nothing. */
	if (write(fd, "", 0) < 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	make_raw(fd);
	return fd;
}

/* The value of @option on the kernel's command line. */
static bool command_line_value(const char *option, char *value, size_t size)
{
	char text[4096];
	const char *at = text;

	sysfile_read("/proc/cmdline", text, sizeof(text));
	while ((at = strstr(at, option))) {
		size_t length;

		if (at != text && at[-1] != ' ') {
			at++;
			continue;
		}
		at += strlen(option);
		length = strcspn(at, " ");
		if (!length || length >= size)
			return false;
		memcpy(value, at, length);
		value[length] = 0;
		return true;
	}
	return false;
}

int init_port(void)
{
	char path[64];
	int level = LEVEL_SHARED;
	int fd = -1;

	if (command_line_value(PORT_OPTION, path, sizeof(path)))
		fd = open_port(path);
	if (fd >= 0)
		level = LEVEL_OWN;
	else
		fd = open_port(CONSOLE);
	klogctl(SYSLOG_ACTION_CONSOLE_LEVEL, NULL, level);
	return fd < 0 ? STDOUT_FILENO : fd;
}

void power_off(int port)
{
	const struct timespec step = { .tv_nsec = DRAIN_STEP_NS };
	int queued = 0;

	for (int i = 0; i < DRAIN_STEPS; i++) {
		if (ioctl(port, TIOCOUTQ, &queued) || !queued)
			break;
		nanosleep(&step, NULL);
	}
	if (!queued)
		tcdrain(port);
	reboot(RB_POWER_OFF);
	/* A machine that cannot power itself off: process 1 must not end, so wait to be ended. */
	for (;;)
		pause();
}
