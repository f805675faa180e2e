"""The throwaway server starts as whoever runs the tests, keeps databases apart, and leaves nothing behind."""

import psycopg
import pytest

from tests.support.postgres import OWNER, Cluster, throwaway_cluster


def connected(cluster: Cluster, database: str) -> psycopg.Connection:
    return psycopg.connect(cluster.url(database, OWNER).replace("+psycopg", ""), autocommit=True)


def test_databases_are_made_from_a_template_and_the_server_is_gone_afterwards() -> None:
    with throwaway_cluster() as cluster:
        cluster.create_database("model")
        with connected(cluster, "model") as model:
            model.execute("CREATE TABLE mark (word text)")
        cluster.create_database("first", template="model")
        cluster.create_database("second", template="model")
        with connected(cluster, "first") as first, connected(cluster, "second") as second:
            first.execute("INSERT INTO mark VALUES ('Ŵyn')")
            assert first.execute("SELECT word FROM mark").fetchall() == [("Ŵyn",)]
            assert second.execute("SELECT word FROM mark").fetchall() == []
            cluster.drop_database("first")
        cluster.drop_database("second")
    assert not cluster.folder.exists()
    with pytest.raises(psycopg.OperationalError):
        connected(cluster, "postgres")


def test_two_servers_stand_side_by_side() -> None:
    with throwaway_cluster() as one, throwaway_cluster() as other:
        assert one.port != other.port
